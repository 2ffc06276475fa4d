// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/native_keys.h"

#include "engine/arch/native/key_rules.h"

#include <algorithm>
#include <limits>
#include <map>

namespace mantissa {

using namespace arch;

namespace {

/// Consecutive bytes of a tensor of the source.
struct Range {
    std::size_t tensor = 0;
    std::uint64_t begin = 0, bytes = 0;
};

/// A tensor as it is shown: what its bytes are put together from, in order.
struct View {
    TensorInfo info;
    std::vector<Range> ranges;
};

class NativeSource final : public TensorSource {
public:
    NativeSource(std::shared_ptr<const TensorSource> source, std::vector<View> views)
        : m_source(std::move(source))
    {
        m_info = m_source->info();
        std::vector<TensorInfo> tensors;
        for (View& view : views) {
            tensors.push_back(std::move(view.info));
            m_ranges.push_back(std::move(view.ranges));
        }
        setTensors(std::move(tensors));
    }

    Status read(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const override
    {
        if (tensor >= m_ranges.size())
            return fail(ErrorCode::Internal, "a read of a tensor that does not exist was asked for");
        for (const Range& range : m_ranges[tensor]) {
            if (dst.empty())
                break;
            if (offset >= range.bytes) {
                offset -= range.bytes;
                continue;
            }
            const std::uint64_t count = std::min<std::uint64_t>(dst.size(), range.bytes - offset);
            if (Status status = m_source->read(
                    range.tensor, range.begin + offset, dst.first(static_cast<std::size_t>(count)));
                !status)
                return status;
            dst = dst.subspan(static_cast<std::size_t>(count));
            offset = 0;
        }
        if (!dst.empty())
            return fail(
                ErrorCode::Internal, "a read beyond the end of {} was asked for", tensors()[tensor].name);
        return {};
    }

private:
    std::shared_ptr<const TensorSource> m_source;
    std::vector<std::vector<Range>> m_ranges;
};

/// A piece of a native tensor and the rule that says which.
struct Piece {
    std::size_t tensor = 0;
    const KeyRule* rule = nullptr;
};

class Translator {
public:
    Translator(const std::shared_ptr<const TensorSource>& source, std::span<const Component> components)
        : m_source(source)
        , m_components(components)
    {
        for (std::size_t i = 0; i < source->tensors().size(); ++i) {
            const TensorInfo& tensor = source->tensors()[i];
            m_views.push_back(View{tensor, {{i, 0, tensor.bytes}}});
        }
    }

    NativeKeys run()
    {
        NativeKeys out{m_source, {}};
        std::vector<std::string_view> translated;
        for (std::size_t i = 0; i < m_components.size(); ++i) {
            const Component& component = m_components[i];
            const KeyFamily* family = findKeyFamily(component.id);
            if (family == nullptr || !isDiffusers(*family, component.prefix))
                continue;
            if (Status status = translate(i, *family); status)
                translated.push_back(component.role);
            else
                out.notes.push_back(
                    sentence("{} keeps the keys of diffusers: {}", component.role, status.error().message));
        }
        if (translated.empty())
            return out;
        out.notes.insert(out.notes.begin(),
            sentence("the keys of diffusers are read as native ones: {}", fmt::join(translated, ", ")));
        out.source = std::make_shared<NativeSource>(m_source, kept());
        return out;
    }

private:
    bool isDiffusers(const KeyFamily& family, const std::string& prefix) const
    {
        return std::any_of(family.marks.begin(), family.marks.end(),
            [&](std::string_view mark) { return m_source->find(prefix + std::string(mark)) >= 0; });
    }

    /// Whether the prefix is the longest of all components' that the name starts with.
    bool belongs(const std::string& name, std::size_t component) const
    {
        const std::string& own = m_components[component].prefix;
        return name.starts_with(own)
            && std::none_of(m_components.begin(), m_components.end(), [&](const Component& other) {
                   return other.prefix.size() > own.size() && name.starts_with(other.prefix);
               });
    }

    Status translate(std::size_t component, const KeyFamily& family)
    {
        const std::string& prefix = m_components[component].prefix;
        DiffusersKeys keys;
        std::vector<std::size_t> members;
        for (std::size_t i = 0; i < m_source->tensors().size(); ++i)
            if (const TensorInfo& tensor = m_source->tensors()[i]; belongs(tensor.name, component)) {
                keys.add(std::string_view(tensor.name).substr(prefix.size()), &tensor);
                members.push_back(i);
            }
        const std::vector<KeyRule> rules = family.rules(keys);
        std::map<std::string, std::vector<Piece>> native;
        for (const std::size_t i : members) {
            const std::string_view key = std::string_view(m_source->tensors()[i].name).substr(prefix.size());
            std::optional<std::string> name;
            const auto rule = std::find_if(rules.begin(), rules.end(),
                [&](const KeyRule& candidate) { return (name = candidate.apply(key)).has_value(); });
            if (rule == rules.end())
                return fail(ErrorCode::Unsupported, "{} has no native name", key);
            native[prefix + *name].push_back({i, &*rule});
        }
        std::map<std::size_t, View> made; // by the first tensor that goes into it
        for (auto& [name, pieces] : native) {
            const std::size_t first = pieces.front().tensor;
            auto view = join(name, pieces);
            if (!view)
                return forward(std::move(view));
            made.emplace(first, std::move(*view));
        }
        for (const std::size_t i : members)
            m_views[i].ranges.clear();
        for (auto& [first, view] : made)
            m_views[first] = std::move(view);
        return {};
    }

    /// The pieces of one native tensor, in the order of the file.
    Result<View> join(const std::string& name, std::vector<Piece> pieces) const
    {
        const TensorInfo& first = m_source->tensors()[pieces.front().tensor];
        std::sort(pieces.begin(), pieces.end(),
            [](const Piece& a, const Piece& b) { return a.rule->piece < b.rule->piece; });
        View view{first, {}};
        view.info.name = name;
        view.info.bytes = view.info.encodedBytes = 0;
        std::uint64_t stored = 0;
        std::int64_t rows = 0;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            const TensorInfo& tensor = m_source->tensors()[pieces[i].tensor];
            const bool fits = pieces.size() == static_cast<std::size_t>(pieces[i].rule->pieces)
                && pieces[i].rule->piece == static_cast<int>(i) && tensor.dtype == first.dtype
                && tensor.shape.size() == first.shape.size()
                && std::equal(tensor.shape.begin() + (tensor.shape.empty() ? 0 : 1), tensor.shape.end(),
                    first.shape.begin() + (first.shape.empty() ? 0 : 1));
            const std::int64_t more = tensor.shape.empty() ? 0 : tensor.shape[0];
            if (!fits || (tensor.shape.empty() && pieces.size() > 1)
                || more > std::numeric_limits<std::int64_t>::max() - rows)
                return fail(ErrorCode::Unsupported, "the pieces of {} do not fit together", name);
            rows += more;
            view.info.bytes += tensor.bytes;
            stored += tensor.storedBytes();
            // Pieces may be encoded differently: what is joined is named after the first that is.
            view.info.encoding = view.info.encoding ? view.info.encoding : tensor.encoding;
            view.ranges.push_back({pieces[i].tensor, 0, tensor.bytes});
        }
        view.info.encodedBytes = view.info.encoding ? stored : 0;
        if (pieces.size() > 1)
            view.info.shape[0] = rows;
        if (Status status = change(view, pieces.front().rule->change); !status)
            return forward(std::move(status));
        return view;
    }

    static Status change(View& view, Change change)
    {
        Shape& shape = view.info.shape;
        if (change == Change::Pointwise && shape.size() == 2)
            shape.insert(shape.end(), {1, 1});
        if (change != Change::SwapHalves)
            return {};
        if (shape.empty() || shape[0] % 2 != 0 || view.ranges.front().bytes % 2 != 0)
            return fail(ErrorCode::Unsupported, "{} has no halves to swap", view.info.name);
        const Range whole = view.ranges.front();
        view.ranges = {{whole.tensor, whole.bytes / 2, whole.bytes / 2}, {whole.tensor, 0, whole.bytes / 2}};
        return {};
    }

    std::vector<View> kept()
    {
        std::vector<View> views;
        for (View& view : m_views)
            if (!view.ranges.empty())
                views.push_back(std::move(view));
        return views;
    }

    const std::shared_ptr<const TensorSource>& m_source;
    std::span<const Component> m_components;
    std::vector<View>
        m_views; ///< one for each tensor of the source; without ranges where it is a later piece
};

} // namespace

NativeKeys withNativeKeys(
    const std::shared_ptr<const TensorSource>& source, std::span<const Component> components)
{
    return Translator(source, components).run();
}

bool hasTranslatedNames(const TensorSource& source) noexcept
{
    return dynamic_cast<const NativeSource*>(&source) != nullptr;
}

Result<NativeModel> withNativeKeys(std::shared_ptr<const Model> model, const DetectionOverrides& overrides)
{
    NativeKeys native = withNativeKeys(model->source, model->components);
    if (native.source == model->source)
        return NativeModel{std::move(model), std::move(native.notes)};
    auto translated = detectModel(std::move(native.source), overrides);
    if (!translated)
        return forward(std::move(translated));
    return NativeModel{std::move(*translated), std::move(native.notes)};
}

} // namespace mantissa
