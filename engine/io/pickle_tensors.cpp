// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/pickle_tensors.h"

#include "engine/io/text.h"

#include <algorithm>
#include <array>
#include <map>

namespace mantissa {
namespace {

// In the order of preference (spec architectures, section 1, step 1).
constexpr std::array<std::string_view, 7> kWrappers{
    "state_dict", "model_state_dict", "model", "module", "ema", "params_ema", "params"};
// Maps that may hold tensors, but no weights.
constexpr std::array<std::string_view, 16> kNotWeights{"optimizer", "optimizers", "optimizer_states",
    "optimizer_state_dict", "optim", "lr_schedulers", "lr_scheduler", "scheduler", "scaler", "grad_scaler",
    "callbacks", "loops", "hyper_parameters", "hparams", "args", "modelopt_state"};
constexpr int kDeepestWrapping = 8;
constexpr int kDeepestMap = 8;
constexpr std::size_t kMostTensors = 1'000'000;
constexpr std::uint64_t kMostVisits = 20'000'000; // maps may share maps: what counts is the way, not the file
constexpr std::size_t kLongestName = 4096;
constexpr std::size_t kMostNamed = 8; // in one sentence

class Finder {
public:
    Finder(PickleMachine& machine, const std::string& file)
        : m_machine(machine)
        , m_file(file)
    { }

    Result<NamedTensors> find(PickleRef root)
    {
        if (m_machine.kind(root) == PickleKind::Tensor) {
            m_result.tensors.push_back({"tensor", root});
            m_result.warnings.emplace_back("the file holds one tensor without a name; it is called 'tensor'");
            return std::move(m_result);
        }
        root = unwrap(root);
        if (m_machine.kind(root) == PickleKind::Sequence)
            return invalid("the file holds a list, not tensors with names");
        if (m_machine.kind(root) == PickleKind::Dict)
            if (Status status = collect(root, "", 0); !status)
                return forward(std::move(status));
        if (m_result.tensors.empty())
            return invalid("the file holds no tensors with names");
        reportLeftOut();
        return std::move(m_result);
    }

private:
    tl::unexpected<Error> invalid(Sentence message) const
    {
        return tl::unexpected<Error>(Error{ErrorCode::InvalidInput, std::move(message), m_file,
            "a checkpoint must map names to tensors, as a state_dict does"});
    }

    bool isText(PickleRef ref) const { return m_machine.kind(ref) == PickleKind::Text; }
    bool isDict(PickleRef ref) const { return m_machine.kind(ref) == PickleKind::Dict; }

    /// Value of a key, the last one if it was set several times; empty if there is none.
    std::optional<PickleRef> value(PickleRef map, std::string_view key) const
    {
        const auto entries = m_machine.items(map);
        for (std::size_t i = entries.size(); i >= 2; i -= 2)
            if (isText(entries[i - 2]) && m_machine.text(entries[i - 2]) == key)
                return entries[i - 1];
        return std::nullopt;
    }

    bool holdsTensors(PickleRef ref, int deeper) const
    {
        if (!isDict(ref))
            return false;
        const auto entries = m_machine.items(ref);
        for (std::size_t i = 0; i + 1 < entries.size(); i += 2)
            if (isText(entries[i]) && m_machine.kind(entries[i + 1]) == PickleKind::Tensor)
                return true;
        return deeper > 0 && std::ranges::any_of(kWrappers, [&](std::string_view key) {
            const auto inner = value(ref, key);
            return inner && holdsTensors(*inner, deeper - 1);
        });
    }

    PickleRef unwrap(PickleRef map)
    {
        for (int depth = 0; depth < kDeepestWrapping && isDict(map); ++depth) {
            const bool modelOpt = value(map, "modelopt_state") && value(map, "model_state_dict");
            if (modelOpt)
                m_result.warnings.emplace_back(
                    "this is a ModelOpt checkpoint; its modelopt_state was not read");
            const auto* const key = modelOpt
                ? std::ranges::find(kWrappers, "model_state_dict")
                : std::ranges::find_if(kWrappers, [&](std::string_view candidate) {
                      const auto inner = value(map, candidate);
                      return inner && holdsTensors(*inner, 1);
                  });
            if (key == kWrappers.end())
                break;
            const auto entries = m_machine.items(map);
            for (std::size_t i = 0; i + 1 < entries.size(); i += 2)
                if (!isText(entries[i]) || m_machine.text(entries[i]) != *key)
                    leaveOut(nameOf(entries[i]));
            const auto inner = value(map, *key);
            if (!inner)
                break;
            map = *inner;
        }
        return map;
    }

    std::string nameOf(PickleRef key) const
    {
        if (isText(key))
            return inQuotes(m_machine.text(key));
        return m_machine.kind(key) == PickleKind::Int ? std::to_string(m_machine.number(key))
                                                      : "an unnamed entry";
    }

    void leaveOut(std::string name)
    {
        if (m_leftOutCount++ < kMostNamed)
            m_leftOut.push_back(std::move(name));
    }

    void reportLeftOut()
    {
        if (m_leftOutCount == 0)
            return;
        const std::size_t more = m_leftOutCount - m_leftOut.size();
        const std::string named = fmt::format("{}", fmt::join(m_leftOut, ", "));
        const Sentence what = more > 0 ? sentence("{} and {} more", named, more) : Sentence(named);
        m_result.warnings.push_back(m_leftOutCount == 1
                ? sentence("beside the weights, {} was left out", what)
                : sentence("beside the weights, {} were left out", what));
    }

    Status checkName(const std::string& name)
    {
        if (name.size() > kLongestName)
            return invalid(sentence("the tensor name {} is longer than any real one", inQuotes(name)));
        if (firstInvalidUtf8(name) != std::string::npos || hasControlCharacter(name))
            return invalid(sentence("the tensor name {} is not plain text", inQuotes(name)));
        if (m_result.tensors.size() >= kMostTensors
            || !m_machine.charge(2 * (sizeof(NamedTensor) + name.size())))
            return invalid("the file holds more tensors than any real one");
        return {};
    }

    Status collect(PickleRef map, const std::string& prefix, int depth)
    {
        const std::vector<PickleRef> entries(m_machine.items(map).begin(), m_machine.items(map).end());
        m_visits += entries.size() + 1;
        if (m_visits > kMostVisits)
            return invalid("the maps of the file contain each other too often");
        for (std::size_t i = 0; i + 1 < entries.size(); i += 2) {
            const PickleRef inner = entries[i + 1];
            const bool weights = isText(entries[i])
                && (m_machine.kind(inner) == PickleKind::Tensor || (isDict(inner) && depth < kDeepestMap))
                && std::ranges::find(kNotWeights, m_machine.text(entries[i])) == kNotWeights.end();
            if (!weights) {
                leaveOut(nameOf(entries[i]));
                continue;
            }
            std::string name = prefix + std::string(m_machine.text(entries[i]));
            if (isDict(inner)) {
                name.resize(std::min(name.size(), kLongestName + 1)); // too long already; checkName() says so
                if (Status status = collect(inner, name + ".", depth + 1); !status)
                    return status;
            } else if (Status status = add(std::move(name), inner, map); !status)
                return status;
        }
        return {};
    }

    Status add(std::string name, PickleRef tensor, PickleRef map)
    {
        if (Status status = checkName(name); !status)
            return status;
        const auto [at, added] = m_places.emplace(name, std::pair(m_result.tensors.size(), map));
        if (added)
            m_result.tensors.push_back({std::move(name), tensor});
        else if (at->second.second == map)
            m_result.tensors[at->second.first].ref
                = tensor; // set twice in one map: the later value holds, as in Python
        else
            return invalid(sentence("two tensors are called {}", inQuotes(name)));
        return {};
    }

    PickleMachine& m_machine;
    const std::string& m_file;
    NamedTensors m_result;
    std::map<std::string, std::pair<std::size_t, PickleRef>> m_places;
    std::vector<std::string> m_leftOut;
    std::size_t m_leftOutCount = 0;
    std::uint64_t m_visits = 0;
};

} // namespace

Result<NamedTensors> findTensors(PickleMachine& machine, PickleRef root, const std::string& file)
{
    return Finder(machine, file).find(root);
}

} // namespace mantissa
