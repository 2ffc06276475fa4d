// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts: torch 2.15, torch/serialization.py (_save and _legacy_save).
#include "engine/io/torch_reader.h"

#include "engine/io/text.h"
#include "engine/io/torch_source.h"
#include "engine/io/zip_directory.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace mantissa {
namespace {

// 0x1950a86a20f9469cfc6c, as pickles of protocol 2 and of protocol 0 write it.
constexpr std::string_view kLegacyMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
constexpr std::string_view kLegacyMagicDecimal = "119547037146038801333356";
constexpr std::int64_t kLegacyProtocol = 1001;
constexpr int kLegacyPickles = 5; // magic, protocol, system, value, storage keys
constexpr std::string_view kPickleName = "data.pkl";
constexpr std::uint64_t kLongestByteOrder = 16;

tl::unexpected<Error> failed(ErrorCode code, Sentence message, Sentence where, Sentence hint = {})
{
    return tl::unexpected<Error>(Error{code, std::move(message), std::move(where), std::move(hint)});
}

tl::unexpected<Error> bigEndian(const RandomAccessFile& file)
{
    return failed(ErrorCode::Unsupported, "the file was saved on a big-endian machine", file.path().string(),
        "load and save it again on an ordinary machine");
}

/// An error if the bytes of an entry cannot be read as they lie in the file.
Status mustBeStored(const RandomAccessFile& file, const ZipEntry& entry)
{
    if (!entry.compressed)
        return {};
    return failed(ErrorCode::Unsupported,
        sentence("the zip entry {} is compressed, which torch.save never does", inQuotes(entry.name)),
        file.place(entry.offset), "unpack the archive and pack it again without compression (zip -0 -r)");
}

/// "archive/" of "archive/data.pkl"; an error if that is not there exactly once.
Result<std::string> topFolder(const RandomAccessFile& file, const ZipDirectory& zip)
{
    const ZipEntry* found = nullptr;
    for (const ZipEntry& entry : zip.entries()) {
        const std::string_view name = entry.name;
        const bool atTop = name == kPickleName
            || (name.ends_with(kPickleName) && name.size() > kPickleName.size()
                && name.find('/') == name.size() - kPickleName.size() - 1);
        if (!atTop)
            continue;
        if (found)
            return failed(ErrorCode::InvalidInput,
                sentence("the archive has two pickles, {} and {}", inQuotes(found->name), inQuotes(name)),
                file.path().string());
        found = &entry;
    }
    if (!found)
        return failed(ErrorCode::InvalidInput,
            "this zip archive was not made by torch.save: it has no data.pkl", file.path().string(),
            "if a checkpoint is inside, unpack it first");
    return found->name.substr(0, found->name.size() - kPickleName.size());
}

Status checkArchive(const RandomAccessFile& file, const ZipDirectory& zip, const std::string& folder)
{
    for (const ZipEntry& entry : zip.entries())
        if (entry.name == folder + "constants.pkl" || entry.name.starts_with(folder + "code/"))
            return failed(ErrorCode::Unsupported, "this is a TorchScript program, not a checkpoint",
                file.path().string(), "save the state_dict() of the loaded program instead");
    if (Status status = mustBeStored(file, *zip.find(folder + std::string(kPickleName))); !status)
        return status;
    if (const ZipEntry* order = zip.find(folder + "byteorder")) {
        if (Status status = mustBeStored(file, *order); !status)
            return status;
        const auto text = file.readText(
            order->offset, static_cast<std::size_t>(std::min(order->bytes, kLongestByteOrder)));
        if (!text)
            return tl::unexpected<Error>(text.error());
        if (*text == "big")
            return bigEndian(file);
        if (*text != "little")
            return failed(ErrorCode::InvalidInput, sentence("the byte order {} is unknown", inQuotes(*text)),
                file.place(order->offset));
    }
    return {};
}

PickleStream streamOf(std::shared_ptr<const RandomAccessFile> file, const ZipEntry& entry)
{
    return PickleStream(std::move(file), entry.offset, entry.offset + entry.bytes, entry.name);
}

bool isLegacyMagic(const PickleMachine& machine, PickleRef ref)
{
    return machine.kind(ref) == PickleKind::BigInt
        && (machine.text(ref) == kLegacyMagic || machine.text(ref) == kLegacyMagicDecimal);
}

/// The five pickles at the start of a legacy file, evaluated.
class LegacyFile {
public:
    LegacyFile(std::shared_ptr<const RandomAccessFile> file, PickleMode mode)
        : machine(mode)
        , m_file(std::move(file))
        , m_stream(m_file, 0, m_file->size(), {})
    { }

    Status readPickles();
    Status locateStorages();
    Result<std::uint64_t> locate(const PickleStorage& storage, std::uint64_t bytes) const;

    PickleMachine machine;
    PickleRef root = 0;
    std::vector<Sentence> warnings;

private:
    struct Place {
        std::uint64_t offset = 0, bytes = 0;
    };
    tl::unexpected<Error> invalid(Sentence message, std::uint64_t at) const
    {
        return failed(ErrorCode::InvalidInput, std::move(message), m_file->place(at));
    }
    Status checkSystem(PickleRef system) const;

    std::shared_ptr<const RandomAccessFile> m_file;
    PickleStream m_stream;
    PickleRef m_keys = 0;
    std::map<std::string, Place, std::less<>> m_places;
};

Status LegacyFile::checkSystem(PickleRef system) const
{
    if (machine.kind(system) != PickleKind::Dict)
        return invalid("the description of the system is missing", 0);
    const auto entries = machine.items(system);
    for (std::size_t i = 0; i + 1 < entries.size(); i += 2)
        if (machine.kind(entries[i]) == PickleKind::Text && machine.text(entries[i]) == "little_endian"
            && machine.kind(entries[i + 1]) == PickleKind::Bool && machine.number(entries[i + 1]) == 0)
            return bigEndian(*m_file);
    return {};
}

Status LegacyFile::readPickles()
{
    for (int i = 0; i < kLegacyPickles; ++i) {
        const std::uint64_t at = m_stream.position();
        const Result<PickleRef> value = machine.run(m_stream);
        if (!value)
            return tl::unexpected<Error>(value.error());
        switch (i) {
        case 0:
            if (!isLegacyMagic(machine, *value))
                return failed(ErrorCode::InvalidInput,
                    "this is a Python pickle that torch.save did not write, without tensors",
                    m_file->path().string(), "name a checkpoint that torch.save or safetensors wrote");
            break;
        case 1:
            if (machine.kind(*value) != PickleKind::Int || machine.number(*value) != kLegacyProtocol)
                return invalid("the protocol of this PyTorch file is unknown", at);
            break;
        case 2:
            if (Status status = checkSystem(*value); !status)
                return status;
            break;
        case 3:
            root = *value;
            break;
        default:
            m_keys = *value;
            break;
        }
    }
    return machine.kind(m_keys) == PickleKind::Sequence ? Status()
                                                        : invalid("the list of storages is missing", 0);
}

Status LegacyFile::locateStorages()
{
    std::map<std::string_view, const PickleStorage*> known;
    for (const PickleStorage& storage : machine.storages())
        known.emplace(storage.key, &storage);
    std::uint64_t at = m_stream.position();
    for (const PickleRef key : machine.items(m_keys)) {
        const auto found
            = machine.kind(key) == PickleKind::Text ? known.find(machine.text(key)) : known.end();
        if (found == known.end())
            return invalid("the list of storages names one that no tensor uses", at);
        const PickleStorage& storage = *found->second;
        std::uint64_t elements = 0, bytes = 0;
        if (Status status = m_file->read(at, std::as_writable_bytes(std::span(&elements, 1))); !status)
            return status;
        if (elements != storage.elements)
            return invalid(sentence("storage {} has {} elements, but {} are expected", inQuotes(storage.key),
                               elements, storage.elements),
                at);
        at += sizeof(elements);
        const auto item = static_cast<std::uint64_t>(storage.dtype ? bitsOf(*storage.dtype) / 8 : 1);
        if (__builtin_mul_overflow(elements, item, &bytes) || bytes > m_file->size() - at)
            return failed(ErrorCode::InvalidInput,
                sentence("the file ends inside storage {}", inQuotes(storage.key)), m_file->place(at),
                "the file is incomplete; download or copy it again");
        if (!m_places.emplace(storage.key, Place{at, bytes}).second)
            return invalid(sentence("storage {} occurs twice", inQuotes(storage.key)), at);
        at += bytes;
    }
    if (at < m_file->size())
        warnings.push_back(sentence("{} bytes after the last storage were ignored", m_file->size() - at));
    return {};
}

Result<std::uint64_t> LegacyFile::locate(const PickleStorage& storage, std::uint64_t bytes) const
{
    const auto found = m_places.find(storage.key);
    if (found == m_places.end())
        return failed(ErrorCode::InvalidInput,
            sentence("storage {} is not in the file", inQuotes(storage.key)), m_file->path().string());
    if (found->second.bytes != bytes)
        return failed(ErrorCode::InvalidInput,
            sentence("storage {} has {} bytes, but {} are expected", inQuotes(storage.key),
                found->second.bytes, bytes),
            m_file->place(found->second.offset));
    return found->second.offset;
}

/// One sentence about the calls that were left out, where there are any.
std::vector<Sentence> withLeftOutCalls(std::vector<Sentence> warnings, const PickleMachine& machine)
{
    constexpr std::size_t kNamed = 4;
    const auto& calls = machine.calls();
    if (calls.empty())
        return warnings;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(calls.size(), kNamed); ++i)
        names.push_back(inQuotes(calls[i].global));
    const std::string named = fmt::format("{}{}", fmt::join(names, ", "), calls.size() > kNamed ? ", …" : "");
    warnings.push_back(calls.size() == 1
            ? sentence("loading this file with Python would make 1 call, left out here ({})", named)
            : sentence("loading this file with Python would make {} calls, left out here ({})", calls.size(),
                named));
    return warnings;
}

} // namespace

Result<std::shared_ptr<const TensorSource>> openTorchZip(
    const std::shared_ptr<const RandomAccessFile>& file, PickleMode mode)
{
    const Result<ZipDirectory> zip = ZipDirectory::read(*file);
    if (!zip)
        return tl::unexpected<Error>(zip.error());
    const Result<std::string> folder = topFolder(*file, *zip);
    if (!folder)
        return tl::unexpected<Error>(folder.error());
    if (Status status = checkArchive(*file, *zip, *folder); !status)
        return forward(std::move(status));
    PickleMachine machine(mode);
    PickleStream stream = streamOf(file, *zip->find(*folder + std::string(kPickleName)));
    const Result<PickleRef> root = machine.run(stream);
    if (!root)
        return tl::unexpected<Error>(root.error());
    const auto locate = [&](const PickleStorage& storage, std::uint64_t bytes) -> Result<std::uint64_t> {
        const ZipEntry* const entry = zip->find(*folder + "data/" + storage.key);
        if (!entry)
            return failed(ErrorCode::InvalidInput,
                sentence("its storage {} is not in the archive", inQuotes(storage.key)),
                file->path().string());
        if (Status status = mustBeStored(*file, *entry); !status)
            return forward(std::move(status));
        if (entry->bytes != bytes)
            return failed(ErrorCode::InvalidInput,
                sentence("its storage {} has {} bytes, but {} are expected", inQuotes(storage.key),
                    entry->bytes, bytes),
                file->place(entry->offset));
        return entry->offset;
    };
    return TorchSource::make(file, "torch-zip", withLeftOutCalls({}, machine), machine, *root, locate);
}

Result<std::shared_ptr<const TensorSource>> openTorchLegacy(
    const std::shared_ptr<const RandomAccessFile>& file, PickleMode mode)
{
    LegacyFile legacy(file, mode);
    if (Status status = legacy.readPickles(); !status)
        return forward(std::move(status));
    if (Status status = legacy.locateStorages(); !status)
        return forward(std::move(status));
    const auto locate
        = [&](const PickleStorage& storage, std::uint64_t bytes) { return legacy.locate(storage, bytes); };
    return TorchSource::make(file, "torch-legacy",
        withLeftOutCalls(std::move(legacy.warnings), legacy.machine), legacy.machine, legacy.root, locate);
}

Result<std::vector<PickleCall>> surveyTorchZip(const std::shared_ptr<const RandomAccessFile>& file)
{
    const Result<ZipDirectory> zip = ZipDirectory::read(*file);
    if (!zip)
        return tl::unexpected<Error>(zip.error());
    std::vector<PickleCall> calls;
    for (const ZipEntry& entry : zip->entries()) {
        if (!entry.name.ends_with(".pkl"))
            continue;
        if (Status status = mustBeStored(*file, entry); !status)
            return forward(std::move(status));
        PickleMachine machine(PickleMode::Survey);
        PickleStream stream = streamOf(file, entry);
        (void)machine.run(stream); // where it breaks off, Python stops as well: what came before counts
        calls.insert(calls.end(), machine.calls().begin(), machine.calls().end());
    }
    return calls;
}

Result<std::vector<PickleCall>> surveyTorchLegacy(const std::shared_ptr<const RandomAccessFile>& file)
{
    PickleMachine machine(PickleMode::Survey);
    PickleStream stream(file, 0, file->size(), {});
    for (int i = 0; i < kLegacyPickles; ++i) {
        const Result<PickleRef> value = machine.run(stream);
        if (!value || (i == 0 && !isLegacyMagic(machine, *value)))
            break; // Python reads no further either
    }
    return machine.calls();
}

} // namespace mantissa
