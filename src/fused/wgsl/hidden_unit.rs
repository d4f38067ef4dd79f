//! Objectives of hidden units: see [`HiddenUnit`].

use super::writer::Writer;
use crate::fused::plan::HiddenUnit;

impl Writer<'_> {
    /// Adds loss and gradient of the rows' units.
    pub(super) fn hidden_unit(&mut self, it: &HiddenUnit) {
        self.hidden_unit_loss(it);
        self.hidden_unit_gradient(it);
    }

    /// Adds the loss, which is the negative of the unit's value before its activation function, to the
    /// regularizers: each invocation computes a partial sum. What the unit's layer reads is still in the
    /// workspace after the forward pass.
    fn hidden_unit_loss(&mut self, it: &HiddenUnit) {
        let HiddenUnit { inputs, from, .. } = *it;
        let body = format!(
            "  for (var row = 0u; row < ROWS; row++) {{
    let weight = unit_weights(row, {inputs}u);
    var sum = select(0.0, start[unit_bias(row)], invocation == 0u);
    for (var i = invocation; i < {inputs}u; i += WORKGROUP_SIZE) {{ sum += start[weight + i] * work[base + row * ROW_STRIDE + {from}u + i]; }}
    let at = row * WORKGROUP_SIZE + invocation;
    regularizer_sums[at] = select(0.0, regularizer_sums[at], regularized()) - sum;
  }}
"
        );
        self.function_in_forward("hidden_unit_loss", &body);
    }

    /// The gradient of the loss with respect to what the unit's layer reads, where the backward pass begins.
    fn hidden_unit_gradient(&mut self, it: &HiddenUnit) {
        let HiddenUnit { inputs, from, .. } = *it;
        let at = format!("work[base + row * ROW_STRIDE + {from}u + i]");
        let store = match (from, it.from_activated) {
            (0, _) => format!("{at} = g / STD;"),
            (_, true) => format!("{at} = g * derivative_one({at});"),
            (_, false) => format!("{at} = g;"),
        };
        let body = format!(
            "  for (var row = 0u; row < ROWS; row++) {{
    let weight = unit_weights(row, {inputs}u);
    for (var i = invocation; i < {inputs}u; i += WORKGROUP_SIZE) {{
      let g = -start[weight + i];
      {store}
    }}
  }}
"
        );
        self.function_in_backward("hidden_unit_gradient", &body);
    }
}
