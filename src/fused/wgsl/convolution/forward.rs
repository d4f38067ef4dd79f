//! The forward pass of a convolution.

use std::fmt::Write;

use super::super::writer::Writer;
use crate::fused::plan::Convolution;

impl Writer<'_> {
    /// Forward. An item is a tile of neighboring outputs in one row of one filter's map.
    pub(super) fn convolution_forward(&self, it: &Convolution) -> String {
        let Convolution {
            channels,
            filters,
            kernel: [kh, kw],
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
        let (rows, invocations) = (self.workgroups.rows_each, self.workgroups.size);
        let tile = self.workgroups.tile(pw, pool * pool);
        let tiles = ph * pw / tile;
        let each = filters * tiles;
        let mut body = format!(
            "  for (var i = invocation; i < {all}u; i += {invocations}u) {{
    let row = base + (i / {each}u) * ROW_STRIDE;
    let item = i % {each}u;
    let filter_index = item / {tiles}u;
    let place = (item % {tiles}u) * {tile}u;
    let y = (place / {pw}u) * {pool}u;
    let x = (place % {pw}u) * {pool}u;
    let bias = weights[{bias}u + filter_index];
",
            all = rows * each,
        );
        let (high, wide) = (pool, tile * pool);
        for sum in 0..high * wide {
            let _ = writeln!(body, "    var v{sum} = bias;");
        }
        let _ = writeln!(
            body,
            "    for (var c = 0u; c < {channels}u; c++) {{
      let w = {weight}u + (filter_index * {channels}u + c) * {}u;
      let map = row + {from}u + c * {}u;",
            kh * kw,
            height * width
        );
        body.push_str(&match self.workgroups.unrolled() {
            true => unrolled_rows(it, high, wide),
            false => looped_rows(it, high, wide),
        });
        body.push_str("    }\n");
        for output in 0..tile {
            let at = format!(
                "row + {to}u + filter_index * {}u + place + {output}u",
                ph * pw
            );
            let first = output * pool;
            let _ = writeln!(body, "    var best{output} = v{first};");
            if pool > 1 {
                let _ = writeln!(body, "    var argmax{output} = 0.0;");
                for place in 1..pool * pool {
                    let v = first + place / pool * wide + place % pool;
                    let _ = writeln!(
                        body,
                        "    if (v{v} > best{output}) {{ best{output} = v{v}; argmax{output} = {place}.0; }}"
                    );
                }
                let _ = writeln!(body, "    work[{at} + {}u] = argmax{output};", argmax - to);
            }
            let _ = writeln!(body, "    work[{at}] = activate_one(best{output});");
        }
        body.push_str("  }\n");
        body
    }
}

/// The code that adds every row of the input that a tile of `high` by `wide` sums reads, for one channel.
/// All rows are written out, so that all loads can be under way at once.
fn unrolled_rows(it: &Convolution, high: usize, wide: usize) -> String {
    let [kh, kw] = it.kernel;
    let mut body = String::new();
    for k in 0..kh * kw {
        let _ = writeln!(body, "      let w{k} = weights[w + {k}u];");
    }
    for iy in 0..kh + high - 1 {
        for ix in 0..kw + wide - 1 {
            let value = input_value(it, &format!("{iy}u"), ix);
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
    body
}

/// The same as a loop over the rows of the input, which compiles several times as fast. For each row of the
/// tile, a row of the input is multiplied by another row of the filter: `w0_…` holds the filter's row for
/// the tile's first row, `w1_…` the one above it for the second, and so on; beyond the filter they
/// are 0.
fn looped_rows(it: &Convolution, high: usize, wide: usize) -> String {
    let [kh, kw] = it.kernel;
    let mut body = String::new();
    for (py, kx) in grid(high, kw) {
        let _ = writeln!(body, "      var w{py}_{kx} = 0.0;");
    }
    let rows = kh + high - 1;
    let _ = writeln!(body, "      for (var iy = 0u; iy < {rows}u; iy++) {{");
    for (py, kx) in grid(high, kw).filter(|(py, _)| *py > 0).rev() {
        let _ = writeln!(body, "        w{py}_{kx} = w{}_{kx};", py - 1);
    }
    for kx in 0..kw {
        let _ = writeln!(
            body,
            "        w0_{kx} = select(0.0, weights[w + min(iy, {}u) * {kw}u + {kx}u], iy < {kh}u);",
            kh - 1
        );
    }
    for ix in 0..kw + wide - 1 {
        let value = input_value(it, "iy", ix);
        let _ = writeln!(body, "        let p{ix} = {value};");
    }
    for (py, px) in grid(high, wide) {
        let terms = (0..kw)
            .map(|kx| format!("w{py}_{kx} * p{}", px + kx))
            .collect::<Vec<_>>()
            .join(" + ");
        let _ = writeln!(body, "        v{} += {terms};", py * wide + px);
    }
    body.push_str("      }\n");
    body
}

/// What the input holds in a row and a column, counted from where the tile begins.
fn input_value(it: &Convolution, iy: &str, ix: usize) -> String {
    let ([height, width], [above, left]) = (it.size, it.padding);
    match above + left {
        0 => format!("work[map + (y + {iy}) * {width}u + x + {ix}u]"),
        _ => format!(
            "padded_value(map, y + {iy}, x + {ix}u, vec2<u32>({left}u, {above}u), vec2<u32>({width}u, {height}u))"
        ),
    }
}

/// Rows and columns, row by row.
fn grid(rows: usize, columns: usize) -> impl DoubleEndedIterator<Item = (usize, usize)> {
    (0..rows).flat_map(move |row| (0..columns).map(move |column| (row, column)))
}
