//! Products of vectors with matrices, four units at a time.

use std::fmt::Write;

use super::buffers::Buffer;
use super::writer::Writer;

/// A vector times a matrix: `[inputs] · [inputs, units]`, both multiples of four.
pub(super) struct Product {
    pub inputs: usize,
    pub units: usize,
    /// The buffer that matrix and bias lie in, and its name.
    pub buffer: (Buffer, &'static str),
    pub matrix: usize,
    pub bias: Option<usize>,
    pub from: usize,
}

/// The numbers of a product as WGSL: literals, or fields of a variable.
pub(super) struct Terms<'a> {
    pub buffer: &'a str,
    /// Counted in fours.
    pub matrix: String,
    /// Units, counted in fours.
    pub fours: String,
    pub from: String,
    /// The range of inputs.
    pub begin: String,
    pub end: String,
    /// What the sums begin with.
    pub first: String,
}

impl Writer<'_> {
    /// A vector times a matrix, for every row. `store` writes the code that stores the four sums of a
    /// `unit`, given the row and the sums' name.
    pub(super) fn product(
        &mut self,
        it: &Product,
        store: impl Fn(usize, &str) -> String,
    ) -> String {
        let (rows, size) = (self.workgroups.rows_each, self.workgroups.size);
        let (inputs, fours) = (it.inputs, it.units / 4);
        let split_k = (self.workgroups).split_k(inputs, fours, self.room_for_sums);
        let part = (inputs / 4).div_ceil(split_k) * 4;
        let (buffer, name) = it.buffer;
        self.buffers.insert(buffer);
        let bias = match it.bias {
            Some(bias) => format!("{name}[{}u + unit]", bias / 4),
            None => "vec4<f32>()".to_owned(),
        };
        let terms = Terms {
            buffer: name,
            matrix: format!("{}u", it.matrix / 4),
            fours: format!("{fours}u"),
            from: format!("{}u", it.from),
            begin: "0u".to_owned(),
            end: format!("{inputs}u"),
            first: bias.clone(),
        };
        if split_k == 1 {
            let sums = self.sums(&terms);
            let stores: String = (0..rows)
                .map(|row| format!("    {}\n", store(row, &format!("sum_{row}"))))
                .collect();
            return format!(
                "  for (var unit = invocation; unit < {fours}u; unit += {size}u) {{\n{sums}{stores}  }}\n"
            );
        }
        let sums = self.sums(&Terms {
            begin: "begin".to_owned(),
            end: "end".to_owned(),
            first: "vec4<f32>()".to_owned(),
            ..terms
        });
        let used = split_k * fours;
        self.partial_sums = self.partial_sums.max(used);
        format!(
            "  if (invocation < {used}u) {{
    let unit = invocation % {fours}u;
    let begin = (invocation / {fours}u) * {part}u;
    let end = min(begin + {part}u, {inputs}u);
{sums}    partial_sums[invocation] = sum_0;
  }}
  workgroupBarrier();
  if (invocation < {fours}u) {{
    let unit = invocation;
    var sum_0 = {bias};
    for (var i = invocation; i < {used}u; i += {fours}u) {{ sum_0 += partial_sums[i]; }}
    {}
  }}
",
            store(0, "sum_0"),
        )
    }

    /// The sums of a `unit` for every row, `sum_0`, `sum_1`, …: rows share the loads of the matrix.
    pub(super) fn sums(&self, it: &Terms) -> String {
        let Terms {
            buffer,
            matrix,
            fours,
            from,
            begin,
            end,
            first,
        } = it;
        let rows = self.workgroups.rows_each;
        let mut sums = String::new();
        for row in 0..rows {
            let _ = writeln!(sums, "    var sum_{row} = {first};");
        }
        let _ = write!(
            sums,
            "    var at = {matrix} + {begin} * {fours} + unit;
    for (var k = {begin}; k < {end}; k += 4u) {{
      let m0 = {buffer}[at];
      let m1 = {buffer}[at + {fours}];
      let m2 = {buffer}[at + 2u * {fours}];
      let m3 = {buffer}[at + 3u * {fours}];
      at += 4u * {fours};
"
        );
        for row in 0..rows {
            let products: Vec<String> = (0..4)
                .map(|i| {
                    let offset = row * self.row_stride + i;
                    format!("m{i} * work[base + {offset}u + {from} + k]")
                })
                .collect();
            let _ = writeln!(sums, "      sum_{row} += {};", products.join(" + "));
        }
        sums.push_str("    }\n");
        sums
    }
}

/// Loads the four numbers of a `unit` at `at`.
pub(super) fn load_four(at: &str) -> String {
    let loads: Vec<String> = (0..4)
        .map(|i| format!("work[{at} + 4u * unit + {i}u]"))
        .collect();
    format!("vec4<f32>({})", loads.join(", "))
}

/// Stores four numbers one after the other, at `at` and the place of a `unit`.
pub(super) fn store_four(at: &str, four: &str) -> String {
    let stores: String = (0..4)
        .map(|i| format!("work[{at} + 4u * unit + {i}u] = four_[{i}]; "))
        .collect();
    format!("{{ let four_ = {four}; {stores}}}")
}
