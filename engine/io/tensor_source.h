// SPDX-License-Identifier: GPL-3.0-or-later
// A checkpoint as a catalogue: names, dtypes and shapes at once, bytes on demand.
//
// Opening reads headers only: nothing here may touch tensor data before read() is called, and no file is
// mapped (a file that shrinks while it is read must give an error, not a signal).
#pragma once

#include "engine/base/dtype.h"
#include "engine/base/error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

/// How a container encodes values by itself, whatever its tensors are called: the block types of GGUF.
struct ContainerEncoding {
    std::string_view container; ///< SourceInfo::container of the files that have it
    std::string_view id; ///< "gguf_q4_k"
    std::string_view name; ///< "GGUF Q4_K"
    bool readable = true; ///< false: known by name and size only; read() gives Unsupported
};

struct TensorInfo {
    std::string name;
    DType dtype = DType::F32;
    Shape shape;
    std::uint64_t bytes = 0; ///< logical bytes, row-major without gaps
    std::uint32_t file = 0; ///< index into SourceInfo::files
    std::uint64_t fileOffset
        = 0; ///< where its bytes start in that file; orders reads, not a promise of contiguity
    /// Null: the file holds the logical bytes. Else read() decodes, dtype (F32), shape and bytes are those of
    /// the values that it gives, and `encodedBytes` is what they take in the file.
    const ContainerEncoding* encoding = nullptr;
    std::uint64_t encodedBytes = 0;

    /// What the tensor takes in the file.
    std::uint64_t storedBytes() const { return encoding ? encodedBytes : bytes; }
};

struct SourceFile {
    std::filesystem::path path;
    std::uint64_t bytes = 0;
    std::int64_t modifiedNs
        = 0; ///< modification time, nanoseconds since the epoch: part of a resume fingerprint
};

/// A call that unpickling with Python would have made, and that this reader refuses to make.
struct PickleCall {
    std::string global; ///< "os.system"
    std::uint64_t offset = 0; ///< byte offset in the pickle stream
};

struct SourceInfo {
    std::string container; ///< "safetensors", "safetensors-sharded", "torch-sharded", "diffusers",
                           ///< "torch-zip", "torch-legacy", "gguf"
    std::filesystem::path path; ///< what the user named
    std::vector<SourceFile> files;
    /// safetensors __metadata__; of a folder, its parts merged; of GGUF, its entries as text, without long
    /// lists.
    std::map<std::string, std::string> metadata;
    std::vector<Sentence> warnings; ///< harmless oddities, one sentence each
    std::map<std::string, std::string> configs; ///< diffusers: relative path of a JSON file to its text
};

/// Thread rule: all const members may be called from several threads at once.
class TensorSource {
public:
    virtual ~TensorSource() = default;
    TensorSource() = default;
    TensorSource(const TensorSource&) = delete;
    TensorSource& operator=(const TensorSource&) = delete;

    const SourceInfo& info() const { return m_info; }
    /// In the order of the file.
    std::span<const TensorInfo> tensors() const { return m_tensors; }
    /// Index of a tensor by name; -1 if there is none.
    std::ptrdiff_t find(std::string_view name) const;
    /// What all tensors take in their files.
    std::uint64_t totalBytes() const;

    /// Fills `dst` with the logical bytes [offset, offset + dst.size()) of one tensor.
    /// InvalidInput if the file became shorter since it was opened; System if the system refuses; Unsupported
    /// where the container's encoding of the tensor cannot be decoded.
    virtual Status read(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const = 0;

protected:
    /// Sorts nothing; builds the name index. Call once, at the end of opening.
    void setTensors(std::vector<TensorInfo> tensors);
    /// For read(): Internal where these bytes are not all of that tensor.
    Status checkRange(std::size_t tensor, std::uint64_t offset, std::uint64_t size) const;
    SourceInfo m_info;

private:
    std::vector<TensorInfo> m_tensors;
    std::map<std::string, std::size_t, std::less<>> m_byName;
};

/// Opens any supported container, recognised by content. Directories open as diffusers folders or sharded
/// sets;
/// `*.index.json` as a sharded set. Never runs anything that a pickle asks for.
/// In a diffusers folder every tensor name gets its component in front ("unet.conv_in.weight"); a folder of
/// one component opens with its bare names. Where a folder has variants ("fp16"), the plain files are
/// preferred.
Result<std::shared_ptr<const TensorSource>> openCheckpoint(const std::filesystem::path& path);

/// The encoding of this id of any container; null if there is none.
const ContainerEncoding* findContainerEncoding(std::string_view id) noexcept;
/// All of them, those that are not readable too.
std::vector<const ContainerEncoding*> containerEncodings();

/// Every call that a pickle would make beyond rebuilding tensors; empty for a harmless or a non-pickle file.
/// Works where openCheckpoint() refuses, so that `inspect` can say what a dangerous file would have run.
Result<std::vector<PickleCall>> listDangerousCalls(const std::filesystem::path& path);

} // namespace mantissa
