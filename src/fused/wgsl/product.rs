//! Dense layers: vectors times matrices, four units at a time.

use std::fmt::Write;

use super::{Division, Writer};
use crate::fused::plan::{Dense, padded};

/// A vector times a matrix: `[inputs] · [inputs, units]`, both multiples of four.
pub(super) struct Product {
    pub inputs: usize,
    pub units: usize,
    /// The buffer that matrix and bias lie in.
    pub buffer: &'static str,
    pub matrix: usize,
    pub bias: Option<usize>,
    pub from: usize,
}

impl Writer<'_> {
    pub(super) fn dense(&mut self, index: usize, it: &Dense) {
        let to = it.to;
        let activate = if it.activated { "activate" } else { "" };
        let body = self.product(
            &Product {
                inputs: padded(it.inputs),
                units: padded(it.units),
                buffer: "matrices",
                matrix: it.weight,
                bias: Some(it.bias),
                from: it.from,
            },
            |row, sum| {
                store_four(
                    &format!("base + {row}u * ROW + {to}u"),
                    &format!("{activate}({sum})"),
                )
            },
        );
        self.pass_forward(index, &body);
        let (from, activated) = (it.from, it.from_activated);
        let body = self.product(
            &Product {
                inputs: padded(it.units),
                units: padded(it.inputs),
                buffer: "matrices",
                matrix: it.back,
                bias: None,
                from: it.to,
            },
            |row, sum| match (from, activated) {
                (0, _) => format!(
                    "for (var i = 0u; i < 4u; i++) {{ hand_back({row}u, 4u * unit + i, {sum}[i]); }}"
                ),
                (_, false) => store_four(&format!("base + {row}u * ROW + {from}u"), sum),
                (_, true) => {
                    let at = format!("base + {row}u * ROW + {from}u");
                    let old = (0..4)
                        .map(|i| format!("work[{at} + 4u * unit + {i}u]"))
                        .collect::<Vec<_>>()
                        .join(", ");
                    store_four(&at, &format!("{sum} * derivative(vec4<f32>({old}))"))
                }
            },
        );
        self.pass_backward(index, &body);
    }

    /// A vector times a matrix, for every row. `store` says what becomes of the four sums of a `unit`,
    /// given the row and the sums' name.
    pub(super) fn product(&self, it: &Product, store: impl Fn(usize, &str) -> String) -> String {
        let Division { batch, lanes, .. } = self.division;
        let (inputs, fours) = (it.inputs, it.units / 4);
        let parts = self.parts(inputs, fours);
        let part = (inputs / 4).div_ceil(parts) * 4;
        let (buffer, matrix, from) = (it.buffer, it.matrix / 4, it.from);
        let mut body = String::new();
        let mut sum = String::new();
        let bias = match it.bias {
            Some(bias) => format!("{buffer}[{}u + unit]", bias / 4),
            None => "vec4<f32>()".to_owned(),
        };
        for row in 0..batch {
            let first = if parts == 1 {
                bias.as_str()
            } else {
                "vec4<f32>()"
            };
            let _ = writeln!(sum, "    var sum_{row} = {first};");
        }
        let (begin, end) = match parts {
            1 => ("0u".to_owned(), format!("{inputs}u")),
            _ => ("begin".to_owned(), "end".to_owned()),
        };
        let _ = write!(
            sum,
            "    var at = {matrix}u + {begin} * {fours}u + unit;
    for (var k = {begin}; k < {end}; k += 4u) {{
      let m0 = {buffer}[at];
      let m1 = {buffer}[at + {fours}u];
      let m2 = {buffer}[at + {two}u];
      let m3 = {buffer}[at + {three}u];
      at += {four}u;
",
            two = 2 * fours,
            three = 3 * fours,
            four = 4 * fours,
        );
        for row in 0..batch {
            let x = |i: usize| format!("work[base + {}u + k]", row * self.row + from + i);
            let _ = writeln!(
                sum,
                "      sum_{row} += m0 * {} + m1 * {} + m2 * {} + m3 * {};",
                x(0),
                x(1),
                x(2),
                x(3)
            );
        }
        sum.push_str("    }\n");
        if parts == 1 {
            let _ = writeln!(
                body,
                "  for (var unit = lane; unit < {fours}u; unit += {lanes}u) {{"
            );
            body.push_str(&sum);
            for row in 0..batch {
                let _ = writeln!(body, "    {}", store(row, &format!("sum_{row}")));
            }
            body.push_str("  }\n");
        } else {
            let _ = write!(
                body,
                "  if (lane < {used}u) {{
    let unit = lane % {fours}u;
    let begin = (lane / {fours}u) * {part}u;
    let end = min(begin + {part}u, {inputs}u);
{sum}    sums[lane] = sum_0;
  }}
  workgroupBarrier();
  if (lane < {fours}u) {{
    let unit = lane;
    var sum_0 = {bias};
    for (var i = lane; i < {used}u; i += {fours}u) {{ sum_0 += sums[i]; }}
    {}
  }}
",
                store(0, "sum_0"),
                used = parts * fours,
            );
        }
        body
    }

    /// In how many parts a sum is taken, so that as many invocations as there are have work.
    fn parts(&self, inputs: usize, fours: usize) -> usize {
        let Division { lanes, parts, .. } = self.division;
        if !parts {
            return 1;
        }
        let most = usize::min(lanes, self.sums) / fours;
        let worth = usize::max(inputs / 16, 1);
        usize::max(most.min(worth), 1)
    }
}

/// Four numbers, put down one after the other.
pub(super) fn store_four(at: &str, four: &str) -> String {
    let stores: String = (0..4)
        .map(|i| format!("work[{at} + 4u * unit + {i}u] = four_[{i}]; "))
        .collect();
    format!("{{ let four_ = {four}; {stores}}}")
}
