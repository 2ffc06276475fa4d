// SPDX-License-Identifier: GPL-3.0-or-later
// What the writers of rules for other tools share. Each is a file rule_dialect_*.cpp and a line in
// rule_export.cpp.
#pragma once

#include "engine/plan/rule_export.h"

#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

struct RuleExport {
    const RuleDialect& dialect;
    const QuantPlan& plan;
    const Model& model;
    const ResolvedPlan& resolved;
    std::string_view format; ///< that the caller names; may be empty

    const TensorInfo& weightOf(const Layer& layer) const { return model.source->tensors()[layer.weight]; }
    std::string toolName() const { return std::string(dialect.name); }
};

inline constexpr std::string_view kWeightEnd = ".weight"; ///< by which tools find matrices
/// A name that ends so, without the end.
inline std::string_view withoutWeightEnd(std::string_view name)
{
    return name.substr(0, name.size() - kWeightEnd.size());
}

/// Collects notes; what is said of several layers becomes one note with their count.
class ExportNotes {
public:
    void say(Sentence note);
    /// Of one layer more. `source` is one of countedSource().
    void count(MessageSource source, std::vector<Message> arguments = {});
    std::vector<Sentence> take();

private:
    struct Counted {
        MessageSource source;
        std::vector<Message> arguments;
        std::int64_t count = 0;
    };
    std::vector<Sentence> m_said;
    std::vector<Counted> m_counted;
};

/// The layer of a decision is stored in its format, but `said` is all that the rules tell about it: a note
/// where that is not the same.
void noteWhatIsLost(
    const RuleExport& request, const Layer& layer, const Decision& decision, Choice said, ExportNotes& notes);

/// The tool does not find the layer by the name of its weight: a note where it was to be stored in a format.
void noteWhatIsNotFound(const RuleExport& request, const Decision& decision, ExportNotes& notes);

Result<std::string> writeLayerConfig(const RuleExport& request, ExportNotes& notes);
Result<std::string> writeComfyQuants(const RuleExport& request, ExportNotes& notes);
std::vector<std::string> formatsOfComfyQuants(const RuleExport& request);
Result<std::string> writeTensorTypes(const RuleExport& request, ExportNotes& notes);

} // namespace mantissa
