//! What images are made of, and products of whole images with matrices from both sides.

use super::product::{Product, store_four};
use super::{HEADER, Writer};
use crate::fused::plan::{ParameterizationPlan, Pca, padded};
use crate::network::{PIXELS, SIDE};

impl Writer<'_> {
    /// The functions `make_images`, from parameters, and `to_parameters`, which turns the images'
    /// gradient into theirs.
    pub(super) fn parameterization(&mut self) {
        let lanes = self.division.lanes;
        let spare = self.spare;
        let each = |body: &str| {
            format!(
                "  for (var i = lane; i < {PIXELS}u; i += {lanes}u) {{
    for (var row = 0u; row < BATCH; row++) {{
{body}
    }}
  }}
"
            )
        };
        let (make, back) = match self.plan.parameterization {
            ParameterizationPlan::Pixels => (String::new(), String::new()),
            ParameterizationPlan::Sigmoid => (
                each(
                    "      let p = frame[state + (first + row) * PARAMETERS + i];
      frame[images + (first + row) * 784u + i] = sigmoid(p);",
                ),
                each(
                    "      let x = frame[images + (first + row) * 784u + i];
      work[base + row * ROW + i] *= x * (1.0 - x);",
                ) + "  sync();\n",
            ),
            ParameterizationPlan::Fourier { waves, scale } => {
                let draw = both_sides(spare, |row, column| {
                    format!("weights[{waves}u + {column} * 28u + {row}]")
                });
                let weigh = both_sides(spare, |row, column| {
                    format!("weights[{waves}u + {row} * 28u + {column}]")
                });
                let make = each(&format!(
                    "      let p = frame[state + (first + row) * PARAMETERS + i];
      work[base + row * ROW + i] = p * weights[{scale}u + i];"
                )) + "  sync();\n"
                    + &draw
                    + &each(
                        "      frame[images + (first + row) * 784u + i] = sigmoid(work[base + row * ROW + i]);",
                    );
                let back = each(
                    "      let x = frame[images + (first + row) * 784u + i];
      work[base + row * ROW + i] *= x * (1.0 - x);",
                ) + "  sync();\n"
                    + &weigh
                    + &each(&format!(
                        "      work[base + row * ROW + i] *= weights[{scale}u + i];"
                    ))
                    + "  sync();\n";
                (make, back)
            }
            ParameterizationPlan::Pca(prior) => self.prior(&prior),
        };
        self.function("make_images", &make);
        self.function("to_parameters", &back);
        let blur = match self.blurs {
            true => both_sides(spare, |row, column| {
                format!("schedule[{HEADER}u + {row} * 28u + {column}]")
            }),
            false => String::new(),
        };
        self.function("blur", &blur);
    }

    fn prior(&self, it: &Pca) -> (String, String) {
        let lanes = self.division.lanes;
        let (rank, place) = (it.rank, it.parameters);
        let product = self.product(
            &Product {
                inputs: padded(rank),
                units: PIXELS,
                buffer: "components",
                matrix: it.axes,
                bias: Some(it.mean),
                from: place,
            },
            |row, sum| {
                (0..4)
                    .map(|i| {
                        format!(
                            "frame[images + (first + {row}u) * 784u + 4u * unit + {i}u] = {sum}[{i}]; "
                        )
                    })
                    .collect()
            },
        );
        let make = format!(
            "  for (var i = lane; i < {rank}u; i += {lanes}u) {{
    for (var row = 0u; row < BATCH; row++) {{
      work[base + row * ROW + {place}u + i] = frame[state + (first + row) * PARAMETERS + i];
    }}
  }}
  sync();
{product}"
        );
        let back = self.product(
            &Product {
                inputs: PIXELS,
                units: padded(rank),
                buffer: "components",
                matrix: it.back,
                bias: None,
                from: 0,
            },
            |row, sum| store_four(&format!("base + {row}u * ROW + {place}u"), sum),
        ) + "  sync();\n";
        (make, back)
    }
}

/// What multiplies the first image of the workspace by a matrix M from both sides,
/// M X Mᵀ, given M's element at a row and a column; it needs a spare image.
fn both_sides(spare: usize, element: impl Fn(&str, &str) -> String) -> String {
    let side = SIDE;
    format!(
        "  for (var i = lane; i < BATCH * 784u; i += LANES) {{
    let image = base + (i / 784u) * ROW;
    let y = (i % 784u) / {side}u;
    let x = i % {side}u;
    var sum = 0.0;
    for (var k = 0u; k < {side}u; k++) {{ sum += work[image + y * {side}u + k] * {across}; }}
    work[image + {spare}u + i % 784u] = sum;
  }}
  sync();
  for (var i = lane; i < BATCH * 784u; i += LANES) {{
    let image = base + (i / 784u) * ROW;
    let y = (i % 784u) / {side}u;
    let x = i % {side}u;
    var sum = 0.0;
    for (var k = 0u; k < {side}u; k++) {{ sum += {down} * work[image + {spare}u + k * {side}u + x]; }}
    work[image + i % 784u] = sum;
  }}
  sync();
",
        across = element("x", "k"),
        down = element("y", "k"),
    )
}
