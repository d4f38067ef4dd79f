//! Average pooling.

use super::writer::Writer;
use crate::fused::plan::Average;

impl Writer<'_> {
    pub(super) fn average(&mut self, index: usize, it: &Average) {
        let Average {
            maps,
            size: [height, width],
            pooled: [ph, pw],
            pool,
            from,
            to,
        } = *it;
        let (rows, size) = (self.workgroups.rows_each, self.workgroups.size);
        let (count, each) = (maps * ph * pw, maps * height * width);
        let (places, area) = (ph * pw, (pool * pool) as f32);
        let body = format!(
            "  for (var i = invocation; i < {all}u; i += {size}u) {{
    let row = base + (i / {count}u) * ROW_STRIDE;
    let item = i % {count}u;
    let y = ((item % {places}u) / {pw}u) * {pool}u;
    let x = (item % {pw}u) * {pool}u;
    let corner = row + {from}u + (item / {places}u) * {map}u + y * {width}u + x;
    var sum = 0.0;
    for (var dy = 0u; dy < {pool}u; dy++) {{
      for (var dx = 0u; dx < {pool}u; dx++) {{ sum += work[corner + dy * {width}u + dx]; }}
    }}
    work[row + {to}u + item] = sum / {area:?};
  }}
",
            all = rows * count,
            map = height * width,
        );
        self.pass_forward(index, &body);
        // What is averaged always comes out of a convolution.
        let body = format!(
            "  for (var i = invocation; i < {all}u; i += {size}u) {{
    let row = base + (i / {each}u) * ROW_STRIDE;
    let item = i % {each}u;
    let y = ((item % {map}u) / {width}u) / {pool}u;
    let x = (item % {width}u) / {pool}u;
    let old = row + {from}u + item;
    var g = 0.0;
    if (y < {ph}u && x < {pw}u) {{ g = work[row + {to}u + (item / {map}u) * {places}u + y * {pw}u + x]; }}
    work[old] = g / {area:?} * derivative_one(work[old]);
  }}
",
            all = rows * each,
            map = height * width,
        );
        self.pass_backward(index, &body);
    }
}
