//! Convolutions, with the activation and max pooling. What costs is loading numbers one by one, so
//! an invocation keeps what it loads, and adds up many sums at once.

use std::fmt::Write;

use super::{MOST_SUMS, Writer};
use crate::fused::plan::Convolution;

impl Writer<'_> {
    pub(super) fn convolution(&mut self, index: usize, it: &Convolution) {
        let body = self.filter(it);
        self.pass_forward(index, &body);
        let body = self.spread(it);
        self.pass_backward(index, &body);
    }

    /// Forward. An item is a strip of squares, beside one another, of one filter.
    fn filter(&self, it: &Convolution) -> String {
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
            argmax,
            ..
        } = *it;
        let (batch, lanes) = (self.division.batch, self.division.lanes);
        let strip = self.division.strip(pw, pool * pool);
        let strips = ph * pw / strip;
        let each = filters * strips;
        let mut body = format!(
            "  for (var i = lane; i < {all}u; i += {lanes}u) {{
    let row = base + (i / {each}u) * ROW;
    let item = i % {each}u;
    let filter_ = item / {strips}u;
    let place = (item % {strips}u) * {strip}u;
    let y = (place / {pw}u) * {pool}u;
    let x = (place % {pw}u) * {pool}u;
    let bias = weights[{bias}u + filter_];
",
            all = batch * each,
        );
        let (high, wide) = (pool, strip * pool);
        for sum in 0..high * wide {
            let _ = writeln!(body, "    var v{sum} = bias;");
        }
        let _ = writeln!(
            body,
            "    for (var c = 0u; c < {channels}u; c++) {{
      let w = {weight}u + (filter_ * {channels}u + c) * {}u;
      let map = row + {from}u + c * {}u;",
            kh * kw,
            height * width
        );
        for k in 0..kh * kw {
            let _ = writeln!(body, "      let w{k} = weights[w + {k}u];");
        }
        for iy in 0..kh + high - 1 {
            for ix in 0..kw + wide - 1 {
                let value = match above + left {
                    0 => format!("work[map + (y + {iy}u) * {width}u + x + {ix}u]"),
                    _ => format!(
                        "inside(map, y + {iy}u, x + {ix}u, vec2<u32>({left}u, {above}u), vec2<u32>({width}u, {height}u))"
                    ),
                };
                let _ = writeln!(body, "      let p{iy}_{ix} = {value};");
            }
            for py in 0..high {
                let Some(ky) = iy.checked_sub(py).filter(|ky| *ky < kh) else {
                    continue;
                };
                for px in 0..wide {
                    let terms = (0..kw)
                        .map(|kx| format!("w{} * p{iy}_{}", ky * kw + kx, px + kx))
                        .collect::<Vec<_>>()
                        .join(" + ");
                    let _ = writeln!(body, "      v{} += {terms};", py * wide + px);
                }
            }
        }
        body.push_str("    }\n");
        for square in 0..strip {
            let at = format!("row + {to}u + filter_ * {}u + place + {square}u", ph * pw);
            let first = square * pool;
            let _ = writeln!(body, "    var best{square} = v{first};");
            if pool > 1 {
                let _ = writeln!(body, "    var argmax_here{square} = 0.0;");
                for place in 1..pool * pool {
                    let v = first + place / pool * wide + place % pool;
                    let _ = writeln!(
                        body,
                        "    if (v{v} > best{square}) {{ best{square} = v{v}; argmax_here{square} = {place}.0; }}"
                    );
                }
                let _ = writeln!(
                    body,
                    "    work[{at} + {}u] = argmax_here{square};",
                    argmax - to
                );
            }
            let _ = writeln!(body, "    work[{at}] = activate_one(best{square});");
        }
        body.push_str("  }\n");
        body
    }

    /// Backward. An item is a piece of a line of one map of what came in: every square that saw it adds
    /// to it what its argmax_here is to blame for.
    fn spread(&self, it: &Convolution) -> String {
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
        let (batch, lanes) = (self.division.batch, self.division.lanes);
        // Pieces begin where squares do, so that all see theirs from the same place.
        let piece = width
            .div_ceil(width.div_ceil(MOST_SUMS))
            .next_multiple_of(pool);
        let pieces = width.div_ceil(piece);
        let each = channels * height * pieces;
        let mut body = format!(
            "  for (var i = lane; i < {all}u; i += {lanes}u) {{
    let row = base + (i / {each}u) * ROW;
    let c = i % {channels}u;
    let line = (i % {each}u) / {in_line}u;
    let x = ((i / {channels}u) % {pieces}u) * {piece}u;
    let y = line + {above}u;
    let last = min(y / {pool}u, {}u);
",
            ph - 1,
            all = batch * each,
            in_line = channels * pieces,
        );
        for x in 0..piece {
            let _ = writeln!(body, "    var s{x} = 0.0;");
        }
        let _ = writeln!(
            body,
            "    for (var f = 0u; f < {filters}u; f++) {{
      for (var py = (max(y, {reach}u) - {reach}u) / {pool}u; py <= last; py++) {{
        let w = {weight}u + (f * {channels}u + c) * {}u;
        let squares = row + {to}u + (f * {ph}u + py) * {pw}u;",
            kh * kw,
            reach = kh - 1,
        );
        // The lines of the filter, for each place of the argmax_here in its square. What is above the
        // filter wraps around to a huge number.
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
        // The squares that see the piece, counted from the one at its beginning.
        let first = (left as isize + 1 - kw as isize).div_euclid(pool as isize);
        let end = (left + piece).div_ceil(pool) as isize;
        for square in first..end {
            let inside =
                square >= 0 && (piece * (pieces - 1) / pool) as isize + square < pw as isize;
            if pieces == 1 && !inside {
                continue;
            }
            body.push_str("        {\n");
            let at = match inside {
                true => format!("squares + x / {pool}u + {square}u"),
                false => {
                    // Before the first it wraps around.
                    let _ = writeln!(body, "          let px = x / {pool}u + {}u;", square as u32);
                    format!("squares + min(px, {}u)", pw - 1)
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
                    "          let argmax_here = u32(work[at + {}u]);
          let dy = argmax_here / {pool}u;
          let dx = argmax_here % {pool}u;",
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
                    let x = square * pool as isize + (dx + kx) as isize - left as isize;
                    if (0..piece as isize).contains(&x) {
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
        for x in 0..piece {
            let at = format!("work[row + {from}u + to + {x}u]");
            let store = match (from, it.from_activated) {
                (0, _) => format!("hand_back(i / {each}u, to + {x}u, s{x});"),
                (_, true) => format!("{at} = s{x} * derivative_one({at});"),
                (_, false) => format!("{at} = s{x};"),
            };
            let _ = match piece * (pieces - 1) + x < width {
                true => writeln!(body, "    {store}"),
                false => writeln!(body, "    if (x + {x}u < {width}u) {{ {store} }}"),
            };
        }
        body.push_str("  }\n");
        body
    }
}
