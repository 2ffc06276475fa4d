// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/adapter.h"

#include "engine/arch/glob.h"
#include "engine/arch/small_tensors.h"

#include <algorithm>
#include <array>
#include <map>

namespace mantissa::arch {

namespace {

/// Ends of the keys that hold the input side of a low-rank pair, in the spellings of all trainers.
constexpr std::array<std::string_view, 7> kDown{".lora_down.weight", ".lora_A.weight",
    ".lora_A.default.weight", ".lora.down.weight", "_lora.down.weight", ".lora_linear_layer.down.weight",
    ".hada_w1_b"};
/// Adapters without a low-rank pair still name their modules.
constexpr std::array<std::string_view, 6> kOther{
    ".hada_w1_a", ".lokr_w1", ".oft_blocks", ".oft_diag", ".diff", ".diff_b"};

/// Different spellings of a module become one: '_' for '.', '#' for every number.
std::string stemOf(std::string_view path)
{
    std::string stem;
    for (const char c : path) {
        if (c >= '0' && c <= '9') {
            if (!stem.ends_with('#'))
                stem += '#';
        } else {
            stem += c == '.' ? '_' : c;
        }
    }
    return stem;
}

struct AdaptedModule {
    std::string path;
    std::int64_t inputs = 0; ///< 0: not known
};

class AdapterReader {
public:
    AdapterReader(const Registry& rules, const KeyView& file, const TensorSource& source)
        : m_rules(rules)
        , m_file(file)
        , m_source(source)
    { }

    Extracted read()
    {
        for (const Key& key : m_file.keys())
            readKey(key);
        findBase();
        addRanks();
        addAlpha();
        return std::move(m_out);
    }

private:
    void readKey(const Key& key)
    {
        for (const std::string_view end : kDown) {
            if (!key.name.ends_with(end) || key.shape->size() < 2)
                continue;
            ++m_ranks[(*key.shape)[0]];
            return addModule(key.name.substr(0, key.name.size() - end.size()), (*key.shape)[1]);
        }
        for (const std::string_view end : kOther)
            if (key.name.ends_with(end))
                return addModule(key.name.substr(0, key.name.size() - end.size()), 0);
    }

    void addModule(std::string_view path, std::int64_t inputs)
    {
        constexpr std::size_t kMostStems = 2000; // genuine adapters have about a hundred
        if (m_modules.size() < kMostStems)
            m_modules.emplace(std::pair(stemOf(path), inputs), AdaptedModule{std::string(path), inputs});
    }

    const AdaptedModule* moduleLike(std::string_view glob, std::int64_t width) const
    {
        for (const auto& [key, module] : m_modules)
            if (matchesGlob(glob, key.first) && (width == 0 || module.inputs == width))
                return &module;
        return nullptr;
    }

    void findBase()
    {
        for (const Registry::Candidate& candidate : m_rules.ordered) {
            for (const AdapterRule& rule : candidate.architecture->adapters) {
                const AdaptedModule* found = nullptr;
                for (const std::string& glob : rule.modules)
                    if (found == nullptr)
                        found = moduleLike(glob, 0);
                const AdaptedModule* wide = rule.width > 0 ? moduleLike(rule.widthModule, rule.width) : found;
                if (found == nullptr || wide == nullptr)
                    continue;
                m_out.values.emplace_back("base", candidate.architecture->id);
                m_out.evidence.push_back(rule.width > 0
                        ? sentence("`{}` takes {} features, as in {}", wide->path, wide->inputs,
                            candidate.architecture->name)
                        : sentence("`{}` is a module of {}", found->path, candidate.architecture->name));
                return;
            }
        }
    }

    void addRanks()
    {
        const auto most = std::max_element(
            m_ranks.begin(), m_ranks.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
        if (most == m_ranks.end())
            return;
        m_out.values.emplace_back("rank", most->first);
        if (m_ranks.size() == 1)
            return;
        std::vector<std::int64_t> all;
        for (const auto& [rank, count] : m_ranks)
            if (all.size() < 64)
                all.push_back(rank);
        m_out.values.emplace_back("ranks", std::move(all));
    }

    void addAlpha()
    {
        const Key* key = m_file.findGlob("*.alpha");
        if (key == nullptr)
            return;
        if (const auto values = readSmallTensor(m_source, key->tensor))
            m_out.values.emplace_back("alpha", values->front());
    }

    const Registry& m_rules;
    const KeyView& m_file;
    const TensorSource& m_source;
    std::map<std::pair<std::string, std::int64_t>, AdaptedModule> m_modules; ///< one for each stem and width
    std::map<std::int64_t, std::size_t> m_ranks;
    Extracted m_out;
};

} // namespace

Extracted describeAdapter(const Registry& rules, const KeyView& file, const TensorSource& source)
{
    return AdapterReader(rules, file, source).read();
}

} // namespace mantissa::arch
