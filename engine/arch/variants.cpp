// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/variants.h"

#include "engine/arch/small_tensors.h"

#include <algorithm>
#include <array>

namespace mantissa::arch {

namespace {

constexpr std::array<std::string_view, 4> kPredictions{"eps", "v", "flow", "edm"};

std::string lowered(std::string_view text)
{
    std::string result(text.substr(0, 4096));
    for (char& c : result)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return result;
}

/// The variant whose longest hint occurs in a text.
const VariantRule* hinted(const std::vector<const VariantRule*>& possible, std::string_view text)
{
    const VariantRule* best = nullptr;
    std::size_t longest = 0;
    for (const VariantRule* variant : possible)
        for (const std::string& hint : variant->hints)
            if (hint.size() > longest && text.find(hint) != std::string_view::npos) {
                best = variant;
                longest = hint.size();
            }
    return best;
}

void setFromHints(
    Architecture& architecture, const std::vector<const VariantRule*>& possible, const TensorSource& source)
{
    for (const char* key : {"modelspec.architecture", "modelspec.title", "ss_base_model_version",
             "model_class", "general.name", "general.architecture"}) {
        const auto it = source.info().metadata.find(key);
        if (it == source.info().metadata.end())
            continue;
        if (const VariantRule* variant = hinted(possible, lowered(it->second))) {
            architecture.variant = variant->id;
            architecture.evidence.push_back(sentence("the metadata entry `{}` says {}", key, variant->id));
            return;
        }
    }
    if (const VariantRule* variant = hinted(possible, lowered(source.info().path.filename().string()))) {
        architecture.variant = variant->id;
        architecture.evidence.push_back(sentence("the file name says {}", variant->id));
    }
}

void setPrediction(
    Architecture& architecture, const Found& found, const Facts& facts, const TensorSource& source)
{
    architecture.prediction = found.rule->prediction;
    for (const PredictionRule& rule : found.rule->predictions) {
        if (!isTrue(rule.when, facts))
            continue;
        if (!rule.key
                 .empty()) { // told by values: a heuristic, so an unreadable or constant tensor says nothing
            const Key* key = facts.network.find(rule.key);
            const auto values = key != nullptr ? readSmallTensor(source, key->tensor) : std::nullopt;
            if (!values || !(deviationOf(*values) > rule.deviation))
                continue;
        }
        architecture.prediction = rule.kind;
        architecture.evidence.push_back(rule.because);
        break;
    }
    const auto it = source.info().metadata.find("modelspec.prediction_type");
    if (it == source.info().metadata.end())
        return;
    const std::string said = lowered(it->second);
    const bool isV = said == "v" || said.starts_with("v_") || said.starts_with("v-");
    if (!isV && !said.starts_with("eps"))
        return;
    architecture.prediction = isV ? "v" : "eps";
    architecture.evidence.push_back(
        sentence("the metadata entry `modelspec.prediction_type` says {}", architecture.prediction));
}

Status override(Architecture& architecture, const Found& found, const DetectionOverrides& overrides)
{
    if (!overrides.variant.empty()) {
        std::vector<std::string> ids;
        for (const VariantRule& variant : found.rule->variants)
            ids.push_back(variant.id);
        if (std::find(ids.begin(), ids.end(), overrides.variant) == ids.end()) {
            auto failed
                = fail(ErrorCode::Usage, "{} has no variant `{}`", architecture.name, overrides.variant);
            failed.value().hint = ids.empty() ? sentence("it has no variants")
                                              : sentence("its variants are {}", fmt::join(ids, ", "));
            return failed;
        }
        architecture.variant = overrides.variant;
        architecture.evidence.push_back(sentence("the variant {} was set by the user", overrides.variant));
    }
    if (!overrides.prediction.empty()) {
        if (std::find(kPredictions.begin(), kPredictions.end(), overrides.prediction) == kPredictions.end()) {
            auto failed = fail(ErrorCode::Usage, "there is no prediction kind `{}`", overrides.prediction);
            failed.value().hint = sentence("prediction kinds are {}", fmt::join(kPredictions, ", "));
            return failed;
        }
        architecture.prediction = overrides.prediction;
        architecture.evidence.push_back(
            sentence("the prediction kind {} was set by the user", overrides.prediction));
    }
    return {};
}

} // namespace

Status chooseVariant(Architecture& architecture, const Found& found, const Identifier& identifier,
    const TensorSource& source, const DetectionOverrides& overrides)
{
    const KeyView view = identifier.view(found.prefix);
    const Facts facts{view, identifier.file(), found.hyperparameters};
    std::vector<const VariantRule*> possible;
    for (const VariantRule& variant : found.rule->variants)
        if (isTrue(variant.when, facts))
            possible.push_back(&variant);
    for (const VariantRule* variant : possible)
        architecture.variants.push_back(variant->id);
    if (possible.size() == 1)
        architecture.variant = possible.front()->id;
    else
        setFromHints(architecture, possible, source);
    setPrediction(architecture, found, facts, source);
    return override(architecture, found, overrides);
}

} // namespace mantissa::arch
