//! Dense layers.

use std::fmt::Write;

use super::buffers::Buffer;
use super::product::{Product, Terms, load_four, store_four};
use super::workgroups::Adapter;
use super::writer::Writer;
use crate::fused::plan::{Dense, ObjectivePlan, padded};

/// The buffer of the network's matrices, and its name.
const MATRICES: (Buffer, &str) = (Buffer::Matrices, "matrices");

impl Writer<'_> {
    /// All dense layers, which are the last ones; `index` is that of the first.
    pub(super) fn dense(&mut self, index: usize, layers: &[&Dense]) {
        match self.workgroups.adapter {
            Adapter::Hardware => {
                for (at, layer) in layers.iter().enumerate() {
                    self.dense_layer(index + at, layer);
                }
            }
            Adapter::Software => self.dense_loops(index, layers),
        }
    }

    /// One layer, with its numbers as literals.
    fn dense_layer(&mut self, index: usize, it: &Dense) {
        let to = it.to;
        let activate = if it.activated { "activate" } else { "" };
        let body = self.product(
            &Product {
                inputs: padded(it.inputs),
                units: padded(it.units),
                buffer: MATRICES,
                matrix: it.weight,
                bias: Some(it.bias),
                from: it.from,
            },
            |row, sum| {
                store_four(
                    &format!("base + {row}u * ROW_STRIDE + {to}u"),
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
                buffer: MATRICES,
                matrix: it.back,
                bias: None,
                from: it.to,
            },
            |row, sum| {
                let at = format!("base + {row}u * ROW_STRIDE + {from}u");
                let gradient = match (from, activated) {
                    (0, _) => format!("{sum} / STD"),
                    (_, false) => sum.to_owned(),
                    (_, true) => format!("{sum} * derivative({})", load_four(&at)),
                };
                store_four(&at, &gradient)
            },
        );
        self.pass_backward(index, &body);
    }

    /// All layers in one loop for each pass. A function returns the numbers of each layer: SwiftShader inlines
    /// every call, and compiles one product in a third of the time that it takes for four.
    fn dense_loops(&mut self, index: usize, layers: &[&Dense]) {
        let forward: Vec<String> = (layers.iter())
            .map(|it| {
                format!(
                    "DenseProduct({}u, {}u, {}u, {}u, {}u, {}u, {}, 1.0)",
                    padded(it.inputs),
                    padded(it.units) / 4,
                    it.weight / 4,
                    it.bias / 4,
                    it.from,
                    it.to,
                    it.activated
                )
            })
            .collect();
        let gradient_through = match self.plan.objective {
            ObjectivePlan::Logits(_) => layers.len(),
            // The gradient begins at what the unit's layer reads.
            ObjectivePlan::HiddenUnit(it) => it.below.saturating_sub(index),
        };
        let backward: Vec<String> = (layers[..gradient_through].iter().rev())
            .map(|it| {
                let divisor = if it.from == 0 { "STD" } else { "1.0" };
                format!(
                    "DenseProduct({}u, {}u, {}u, 0u, {}u, {}u, {}, {divisor})",
                    padded(it.units),
                    padded(it.inputs) / 4,
                    it.back / 4,
                    it.to,
                    it.from,
                    it.from_activated
                )
            })
            .collect();
        self.declare(
            "// A product with a matrix: what `product` in Rust calls its numbers, in fours where they count fours.
struct DenseProduct {
  inputs: u32,
  fours: u32,
  matrix: u32,
  bias: u32,
  from_: u32,
  to_: u32,
  activated: bool,
  divisor: f32,
}
",
        );
        let at = |row: usize| format!("base + {row}u * ROW_STRIDE + it.to_");
        let body = self.dense_loop(
            "dense_forward",
            &forward,
            "matrices[it.bias + unit]",
            |row| {
                let sum = format!("sum_{row}");
                store_four(
                    &at(row),
                    &format!("select({sum}, activate({sum}), it.activated)"),
                )
            },
        );
        self.function_in_forward("forward_dense", &body);
        if backward.is_empty() {
            return;
        }
        let body = self.dense_loop("dense_backward", &backward, "vec4<f32>()", |row| {
            let derivative = format!("derivative({})", load_four(&at(row)));
            store_four(
                &at(row),
                &format!(
                    "sum_{row} / it.divisor * select(vec4<f32>(1.0), {derivative}, it.activated)"
                ),
            )
        });
        self.function_in_backward("backward_dense", &body);
    }

    /// A loop over products, whose numbers the function `numbers` returns.
    fn dense_loop(
        &mut self,
        numbers: &str,
        products: &[String],
        first: &str,
        store: impl Fn(usize) -> String,
    ) -> String {
        let mut cases = String::new();
        let (last, others) = products.split_last().expect("there is a dense layer");
        for (index, product) in others.iter().enumerate() {
            let _ = writeln!(cases, "    case {index}u: {{ return {product}; }}");
        }
        let _ = writeln!(cases, "    default: {{ return {last}; }}");
        self.declare(&format!(
            "fn {numbers}(layer: u32) -> DenseProduct {{\n  switch layer {{\n{cases}  }}\n}}\n"
        ));
        let sums = self.sums(&Terms {
            buffer: MATRICES.1,
            matrix: "it.matrix".to_owned(),
            fours: "it.fours".to_owned(),
            from: "it.from_".to_owned(),
            begin: "0u".to_owned(),
            end: "it.inputs".to_owned(),
            first: first.to_owned(),
        });
        let stores: String = (0..self.workgroups.rows_each)
            .map(|row| format!("    {}\n", store(row)))
            .collect();
        format!(
            "  for (var layer = 0u; layer < {count}u; layer++) {{
    let it = {numbers}(layer);
    for (var unit = invocation; unit < it.fours; unit += {size}u) {{
{sums}{stores}    }}
    sync();
  }}
",
            count = products.len(),
            size = self.workgroups.size,
        )
    }
}
