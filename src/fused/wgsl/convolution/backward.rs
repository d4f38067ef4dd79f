//! The backward pass of a convolution.

use std::fmt::Write;

use super::super::workgroups::MOST_SUMS;
use super::super::writer::Writer;
use crate::fused::plan::Convolution;

impl Writer<'_> {
    /// Backward. An item is a tile: neighboring inputs in one row of one channel. The gradient of an input is
    /// the sum, over the outputs that depend on it, of the output's gradient times the weight between the
    /// two. With max pooling, an output depends on the inputs of its argmax alone.
    pub(super) fn convolution_backward(&self, it: &Convolution) -> String {
        let Convolution {
            channels,
            filters,
            kernel: [kh, kw],
            padding: [above, left],
            size: [height, width],
            pooled: [ph, pw],
            pool,
            weight,
            from,
            to,
            argmax,
            ..
        } = *it;
        let (rows, invocations) = (self.workgroups.rows_each, self.workgroups.size);
        // Tiles begin where pooling windows do, so that windows lie at the same distances in every tile.
        let tile = width
            .div_ceil(width.div_ceil(MOST_SUMS))
            .next_multiple_of(pool);
        let tiles = width.div_ceil(tile);
        let each = channels * height * tiles;
        let mut body = format!(
            "  for (var i = invocation; i < {all}u; i += {invocations}u) {{
    let row = base + (i / {each}u) * ROW_STRIDE;
    let c = i % {channels}u;
    let line = (i % {each}u) / {in_line}u;
    let x = ((i / {channels}u) % {tiles}u) * {tile}u;
    let y = line + {above}u;
    let last = min(y / {pool}u, {}u);
",
            ph - 1,
            all = rows * each,
            in_line = channels * tiles,
        );
        for x in 0..tile {
            let _ = writeln!(body, "    var s{x} = 0.0;");
        }
        let _ = writeln!(
            body,
            "    for (var f = 0u; f < {filters}u; f++) {{
      for (var py = (max(y, {reach}u) - {reach}u) / {pool}u; py <= last; py++) {{
        let w = {weight}u + (f * {channels}u + c) * {}u;
        let windows = row + {to}u + (f * {ph}u + py) * {pw}u;",
            kh * kw,
            reach = kh - 1,
        );
        // The argmax may be in any row of the pooling window: for each, the row of the filter that connects
        // it to this input. Rows above the filter wrap around to a huge number.
        for dy in 0..pool {
            let _ = writeln!(body, "        let k{dy} = y - py * {pool}u - {dy}u;");
            for kx in 0..kw {
                let _ = writeln!(
                    body,
                    "        let r{dy}_{kx} = select(0.0, weights[w + min(k{dy}, {}u) * {kw}u + {kx}u], k{dy} < {kh}u);",
                    kh - 1
                );
            }
        }
        // The pooling windows that depend on the tile, counted from the one where it begins.
        let first = (left as isize + 1 - kw as isize).div_euclid(pool as isize);
        let end = (left + tile).div_ceil(pool) as isize;
        for window in first..end {
            let inside = window >= 0 && (tile * (tiles - 1) / pool) as isize + window < pw as isize;
            if tiles == 1 && !inside {
                continue;
            }
            body.push_str("        {\n");
            let at = match inside {
                true => format!("windows + x / {pool}u + {window}u"),
                false => {
                    // Before the first window, `px` wraps around to a huge number.
                    let _ = writeln!(body, "          let px = x / {pool}u + {}u;", window as u32);
                    format!("windows + min(px, {}u)", pw - 1)
                }
            };
            let _ = writeln!(body, "          let at = {at};");
            let _ = match inside {
                true => writeln!(body, "          let g = work[at];"),
                false => writeln!(body, "          let g = select(0.0, work[at], px < {pw}u);"),
            };
            if pool > 1 {
                let _ = writeln!(
                    body,
                    "          let place = u32(work[at + {}u]);
          let dy = place / {pool}u;
          let dx = place % {pool}u;",
                    argmax - to
                );
            }
            for kx in 0..kw {
                let mut weight = format!("r0_{kx}");
                for dy in 1..pool {
                    weight = format!("select({weight}, r{dy}_{kx}, dy == {dy}u)");
                }
                let _ = writeln!(body, "          let w{kx} = {weight};");
            }
            for dx in 0..pool {
                let gradient = match pool {
                    1 => "g".to_owned(),
                    _ => format!("select(0.0, g, dx == {dx}u)"),
                };
                let _ = writeln!(body, "          let g{dx} = {gradient};");
                for kx in 0..kw {
                    let x = window * pool as isize + (dx + kx) as isize - left as isize;
                    if (0..tile as isize).contains(&x) {
                        let _ = writeln!(body, "          s{x} += g{dx} * w{kx};");
                    }
                }
            }
            body.push_str("        }\n");
        }
        body.push_str("      }\n    }\n");
        let _ = writeln!(
            body,
            "    let to = c * {}u + line * {width}u + x;",
            height * width
        );
        for x in 0..tile {
            let at = format!("work[row + {from}u + to + {x}u]");
            let store = match (from, it.from_activated) {
                (0, _) => format!("{at} = s{x} / STD;"),
                (_, true) => format!("{at} = s{x} * derivative_one({at});"),
                (_, false) => format!("{at} = s{x};"),
            };
            let _ = match tile * (tiles - 1) + x < width {
                true => writeln!(body, "    {store}"),
                false => writeln!(body, "    if (x + {x}u < {width}u) {{ {store} }}"),
            };
        }
        body.push_str("  }\n");
        body
    }
}
