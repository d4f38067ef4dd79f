//! Layers of maps: convolutions with max pooling, and average pooling.

use std::fmt::Write;

use super::Writer;
use crate::fused::plan::{Average, Convolution};

impl Writer<'_> {
    pub(super) fn convolution(&mut self, index: usize, it: &Convolution) {
        let Convolution {
            channels,
            filters,
            kernel: [kh, kw],
            padding: [above, left],
            size: [height, width],
            pooled: [ph, pw],
            pool,
            weight,
            bias,
            from,
            to,
            winners,
            ..
        } = *it;
        let (batch, lanes) = (self.division.batch, self.division.lanes);
        let (places, maps) = (ph * pw, height * width);
        let count = filters * places;
        let mut body = format!(
            "  for (var i = lane; i < {all}u; i += {lanes}u) {{
    let row = base + (i / {count}u) * ROW;
    let item = i % {count}u;
    let filter_ = item / {places}u;
    let y = ((item % {places}u) / {pw}u) * {pool}u;
    let x = (item % {pw}u) * {pool}u;
    let bias = weights[{bias}u + filter_];
",
            all = batch * count,
        );
        for place in 0..pool * pool {
            let _ = writeln!(body, "    var v{place} = bias;");
        }
        let _ = writeln!(
            body,
            "    for (var c = 0u; c < {channels}u; c++) {{
      let w = {weight}u + (filter_ * {channels}u + c) * {}u;
      let map = row + {from}u + c * {maps}u;",
            kh * kw
        );
        for k in 0..kh * kw {
            let _ = writeln!(body, "      let w{k} = weights[w + {k}u];");
        }
        for iy in 0..kh + pool - 1 {
            for ix in 0..kw + pool - 1 {
                let value = match above + left {
                    0 => format!("work[map + (y + {iy}u) * {width}u + x + {ix}u]"),
                    _ => format!(
                        "inside(map, y + {iy}u, x + {ix}u, vec2<u32>({left}u, {above}u), vec2<u32>({width}u, {height}u))"
                    ),
                };
                let _ = writeln!(body, "      let p{iy}_{ix} = {value};");
            }
            for py in 0..pool {
                let Some(ky) = iy.checked_sub(py).filter(|ky| *ky < kh) else {
                    continue;
                };
                for px in 0..pool {
                    let terms = (0..kw)
                        .map(|kx| format!("w{} * p{iy}_{}", ky * kw + kx, px + kx))
                        .collect::<Vec<_>>()
                        .join(" + ");
                    let _ = writeln!(body, "      v{} += {terms};", py * pool + px);
                }
            }
        }
        body.push_str("    }\n    var best = v0;\n");
        if pool > 1 {
            body.push_str("    var winner = 0.0;\n");
            for place in 1..pool * pool {
                let _ = writeln!(
                    body,
                    "    if (v{place} > best) {{ best = v{place}; winner = {place}.0; }}"
                );
            }
            let _ = writeln!(body, "    work[row + {winners}u + item] = winner;");
        }
        let _ = writeln!(body, "    work[row + {to}u + item] = bend_one(best);\n  }}");
        self.pass_forward(index, &body);

        let (each, reach_y, reach_x) = (channels * maps, kh - 1, kw - 1);
        let mut body = format!(
            "  for (var i = lane; i < {all}u; i += {lanes}u) {{
    let row = base + (i / {each}u) * ROW;
    let item = i % {each}u;
    let c = item / {maps}u;
    let y = (item % {maps}u) / {width}u + {above}u;
    let x = item % {width}u + {left}u;
    let last_y = min(y / {pool}u, {}u);
    let last_x = min(x / {pool}u, {}u);
    var sum = 0.0;
    for (var py = (max(y, {reach_y}u) - {reach_y}u) / {pool}u; py <= last_y; py++) {{
      for (var px = (max(x, {reach_x}u) - {reach_x}u) / {pool}u; px <= last_x; px++) {{
        var at = row + {to}u + py * {pw}u + px;
        var w = {weight}u + c * {taps}u;
        for (var f = 0u; f < {filters}u; f++) {{
          let g = work[at];
",
            ph - 1,
            pw - 1,
            all = batch * each,
            taps = kh * kw,
        );
        let winner = match pool {
            1 => "let k = vec2<u32>(x - px, y - py);".to_owned(),
            _ => format!(
                "let winner = u32(work[at + {}u]);
            let k = vec2<u32>(x - px * {pool}u - winner % {pool}u, y - py * {pool}u - winner / {pool}u);",
                winners - to
            ),
        };
        // What is left of, or above, the filter wraps around to a huge number.
        let _ = write!(
            body,
            "          if (g != 0.0) {{ // Half of them are 0 behind a ReLU.
            {winner}
            if (k.x < {kw}u && k.y < {kh}u) {{ sum += g * weights[w + k.y * {kw}u + k.x]; }}
          }}
          at += {places}u;
          w += {}u;
        }}
      }}
    }}
    {}
  }}
",
            channels * kh * kw,
            match (from, it.from_bent) {
                (0, _) => format!("hand_back(i / {each}u, item, sum);"),
                (_, true) => format!(
                    "let old = row + {from}u + item;
    work[old] = sum * slope_one(work[old]);"
                ),
                (_, false) => format!("work[row + {from}u + item] = sum;"),
            }
        );
        self.pass_backward(index, &body);
    }

    pub(super) fn average(&mut self, index: usize, it: &Average) {
        let Average {
            maps,
            size: [height, width],
            pooled: [ph, pw],
            pool,
            from,
            to,
        } = *it;
        let (batch, lanes) = (self.division.batch, self.division.lanes);
        let (count, each) = (maps * ph * pw, maps * height * width);
        let (places, area) = (ph * pw, (pool * pool) as f32);
        let body = format!(
            "  for (var i = lane; i < {all}u; i += {lanes}u) {{
    let row = base + (i / {count}u) * ROW;
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
            all = batch * count,
            map = height * width,
        );
        self.pass_forward(index, &body);
        // What is averaged always comes out of a convolution.
        let body = format!(
            "  for (var i = lane; i < {all}u; i += {lanes}u) {{
    let row = base + (i / {each}u) * ROW;
    let item = i % {each}u;
    let y = ((item % {map}u) / {width}u) / {pool}u;
    let x = (item % {width}u) / {pool}u;
    let old = row + {from}u + item;
    var g = 0.0;
    if (y < {ph}u && x < {pw}u) {{ g = work[row + {to}u + (item / {map}u) * {places}u + y * {pw}u + x]; }}
    work[old] = g / {area:?} * slope_one(work[old]);
  }}
",
            all = batch * each,
            map = height * width,
        );
        self.pass_backward(index, &body);
    }
}
