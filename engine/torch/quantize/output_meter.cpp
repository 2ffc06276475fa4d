// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/quantize/output_meter.h"

namespace mantissa::quantize {

RuntimeInputs inputsOf(const at::Tensor& tokens, const RuntimeSide& side)
{
    RuntimeInputs inputs;
    inputs.scaled = side.factors.defined() ? tokens / side.factors : tokens;
    inputs.rounded = inputs.scaled;
    if (side.rotation != 0 || side.activations != ActivationGrid::None) {
        inputs.rounded = inputs.scaled.clone();
        rotateRows(inputs.rounded, side.rotation);
        roundActivations(side.activations, spanOf(inputs.rounded), tokens.size(1));
    }
    return inputs;
}

OutputMeter::OutputMeter(const at::Tensor& tokens, RuntimeSide side)
    : m_tokens(tokens)
    , m_side(std::move(side))
    , m_inputs(inputsOf(tokens, m_side))
{
    if (m_side.branch.defined())
        m_branchInputs = at::mm(m_inputs.scaled, m_side.branch.down.t());
}

void OutputMeter::add(
    const RowRange& rows, const at::Tensor& source, const at::Tensor& values, const at::Tensor& bias)
{
    const at::Tensor exact = at::mm(m_tokens, source);
    at::Tensor output = at::mm(m_inputs.rounded, values);
    if (m_branchInputs.defined())
        output.addmm_(m_branchInputs, m_side.branch.up.narrow(0, rows.first, rows.count).t());
    if (bias.defined())
        output += bias;
    m_signal += exact.square().sum(at::kDouble).item<double>();
    m_noise += output.sub_(exact).square_().sum(at::kDouble).item<double>();
}

double OutputMeter::relativeError() const
{
    return m_signal > 0 ? m_noise / m_signal : m_noise;
}

} // namespace mantissa::quantize
