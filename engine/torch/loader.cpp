// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/loader.h"

#include <array>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>

namespace mantissa {

namespace {

constexpr const char* kLibrary = "libmantissa_torch.so";

/// Beside the program: in lib/ of a build tree, or where the installation puts it.
std::array<std::filesystem::path, 2> candidates()
{
    std::error_code ignored;
    const std::filesystem::path folder
        = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
    return {folder / ".." / "lib" / kLibrary, folder / MANTISSA_LIBRARY_FOLDER / kLibrary};
}

tl::unexpected<Error> unavailable(Sentence why, std::string where)
{
    return tl::unexpected(Error{ErrorCode::Unsupported, std::move(why), std::move(where),
        "`packaging/run` fetches libtorch and builds the part that uses it"});
}

Result<const TorchApi*> load()
{
    std::error_code ignored;
    for (const std::filesystem::path& path : candidates()) {
        if (!std::filesystem::exists(path, ignored))
            continue;
        void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (!library)
            return unavailable(sentence("libtorch cannot be loaded: {}", ::dlerror()), path.string());
        using Entry = const TorchApi* (*)();
        const auto entry = reinterpret_cast<Entry>(::dlsym(library, kTorchEntry));
        const TorchApi* const api = entry ? entry() : nullptr;
        if (!api || api->tableVersion != kTorchTableVersion) {
            ::dlclose(library);
            return unavailable("libmantissa_torch belongs to another build", path.string());
        }
        return api;
    }
    return unavailable("this build has no libtorch part", kLibrary);
}

} // namespace

Result<const TorchApi*> loadTorch()
{
    static const Result<const TorchApi*> loaded = load();
    return loaded;
}

void restWaitingThreads()
{
    if (std::getenv("OMP_WAIT_POLICY") == nullptr)
        ::setenv("GOMP_SPINCOUNT", "0", /*overwrite=*/0);
}

} // namespace mantissa
