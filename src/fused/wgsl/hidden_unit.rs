//! Goals of units: see [`HiddenUnit`].

use super::Writer;
use crate::fused::plan::HiddenUnit;

impl Writer<'_> {
    /// What the rows' units say, added to what the images are charged for, with its sign flipped: each
    /// invocation adds up a part of it. It goes before the layer's forward pass.
    pub(super) fn say(&mut self, it: &HiddenUnit) {
        let HiddenUnit { inputs, from, .. } = *it;
        let body = format!(
            "  for (var row = 0u; row < BATCH; row++) {{
    let weight = unit_weights(row, {inputs}u);
    var sum = select(0.0, start[unit_bias(row)], lane == 0u);
    for (var i = lane; i < {inputs}u; i += LANES) {{ sum += start[weight + i] * work[base + row * ROW + {from}u + i]; }}
    let at = row * LANES + lane;
    charges[at] = select(0.0, charges[at], charged()) - sum;
  }}
"
        );
        self.function("say", &body);
        self.forward.push_str("  say(lane);\n");
    }

    /// The gradient of that, which the backward passes of the layers below begin with.
    pub(super) fn blame(&mut self, it: &HiddenUnit) {
        let HiddenUnit { inputs, from, .. } = *it;
        let at = format!("work[base + row * ROW + {from}u + i]");
        let store = match (from, it.from_activated) {
            (0, _) => "hand_back(row, i, g);".to_owned(),
            (_, true) => format!("{at} = g * derivative_one({at});"),
            (_, false) => format!("{at} = g;"),
        };
        let body = format!(
            "  for (var row = 0u; row < BATCH; row++) {{
    let weight = unit_weights(row, {inputs}u);
    for (var i = lane; i < {inputs}u; i += LANES) {{
      let g = -start[weight + i];
      {store}
    }}
  }}
"
        );
        self.function("blame", &body);
        self.backward.insert_str(0, "  blame(lane);\n  sync();\n");
    }
}
