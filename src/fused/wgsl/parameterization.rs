//! From parameters to images and back, and products of images with matrices from both sides.

use super::buffers::Buffer;
use super::product::{Product, store_four};
use super::writer::{SPARE, Writer};
use crate::fused::plan::{ParameterizationPlan, Pca, padded};
use crate::network::{PIXELS, SIDE};

impl Writer<'_> {
    /// The functions `make_images`, which computes images from parameters, `parameter_gradient`, which
    /// turns the gradient with respect to images into the one with respect to parameters, and
    /// `blur_gradient`.
    pub(super) fn parameterization(&mut self) {
        let size = self.workgroups.size;
        let each = |body: &str| {
            format!(
                "  for (var i = invocation; i < {PIXELS}u; i += {size}u) {{
    for (var row = 0u; row < ROWS; row++) {{
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
                    "      let p = snapshot[state + (first_row + row) * PARAMETERS + i];
      snapshot[images + (first_row + row) * 784u + i] = sigmoid(p);",
                ),
                each(
                    "      let x = snapshot[images + (first_row + row) * 784u + i];
      work[base + row * ROW_STRIDE + i] *= x * (1.0 - x);",
                ) + "  sync();\n",
            ),
            ParameterizationPlan::Fourier { waves, scale } => {
                self.buffers.insert(Buffer::Weights);
                let to_pixels =
                    both_sides(|row, column| format!("weights[{waves}u + {column} * 28u + {row}]"));
                let to_waves =
                    both_sides(|row, column| format!("weights[{waves}u + {row} * 28u + {column}]"));
                let make = each(&format!(
                    "      let p = snapshot[state + (first_row + row) * PARAMETERS + i];
      work[base + row * ROW_STRIDE + i] = p * weights[{scale}u + i];"
                )) + "  sync();\n"
                    + &to_pixels
                    + &each(
                        "      snapshot[images + (first_row + row) * 784u + i] = sigmoid(work[base + row * ROW_STRIDE + i]);",
                    );
                let back = each(
                    "      let x = snapshot[images + (first_row + row) * 784u + i];
      work[base + row * ROW_STRIDE + i] *= x * (1.0 - x);",
                ) + "  sync();\n"
                    + &to_waves
                    + &each(&format!(
                        "      work[base + row * ROW_STRIDE + i] *= weights[{scale}u + i];"
                    ))
                    + "  sync();\n";
                (make, back)
            }
            ParameterizationPlan::Pca(it) => self.pca(&it),
        };
        self.function("make_images", &make);
        self.function("parameter_gradient", &back);
        let blur = match self.blurs {
            true => both_sides(|row, column| format!("schedule.blur[{row} * 28u + {column}]")),
            false => String::new(),
        };
        self.function("blur_gradient", &blur);
    }

    fn pca(&mut self, it: &Pca) -> (String, String) {
        let size = self.workgroups.size;
        let (rank, place) = (it.rank, it.parameters);
        let product = self.product(
            &Product {
                inputs: padded(rank),
                units: PIXELS,
                buffer: (Buffer::Components, "components"),
                matrix: it.axes,
                bias: Some(it.mean),
                from: place,
            },
            |row, sum| {
                (0..4)
                    .map(|i| {
                        format!(
                            "snapshot[images + (first_row + {row}u) * 784u + 4u * unit + {i}u] = {sum}[{i}]; "
                        )
                    })
                    .collect()
            },
        );
        let make = format!(
            "  for (var i = invocation; i < {rank}u; i += {size}u) {{
    for (var row = 0u; row < ROWS; row++) {{
      work[base + row * ROW_STRIDE + {place}u + i] = snapshot[state + (first_row + row) * PARAMETERS + i];
    }}
  }}
  sync();
{product}"
        );
        let back = self.product(
            &Product {
                inputs: PIXELS,
                units: padded(rank),
                buffer: (Buffer::Components, "components"),
                matrix: it.back,
                bias: None,
                from: 0,
            },
            |row, sum| store_four(&format!("base + {row}u * ROW_STRIDE + {place}u"), sum),
        ) + "  sync();\n";
        (make, back)
    }
}

/// Multiplies the first image of the workspace by a matrix M from both sides, M X Mᵀ, given M's element
/// at a row and a column.
fn both_sides(element: impl Fn(&str, &str) -> String) -> String {
    let side = SIDE;
    format!(
        "  for (var i = invocation; i < ROWS * 784u; i += WORKGROUP_SIZE) {{
    let image = base + (i / 784u) * ROW_STRIDE;
    let y = (i % 784u) / {side}u;
    let x = i % {side}u;
    var sum = 0.0;
    for (var k = 0u; k < {side}u; k++) {{ sum += work[image + y * {side}u + k] * {across}; }}
    work[image + {SPARE}u + i % 784u] = sum;
  }}
  sync();
  for (var i = invocation; i < ROWS * 784u; i += WORKGROUP_SIZE) {{
    let image = base + (i / 784u) * ROW_STRIDE;
    let y = (i % 784u) / {side}u;
    let x = i % {side}u;
    var sum = 0.0;
    for (var k = 0u; k < {side}u; k++) {{ sum += {down} * work[image + {SPARE}u + k * {side}u + x]; }}
    work[image + i % 784u] = sum;
  }}
  sync();
",
        across = element("x", "k"),
        down = element("y", "k"),
    )
}
