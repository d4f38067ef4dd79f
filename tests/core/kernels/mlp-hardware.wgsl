struct Settings {
  iterations: u32,
  rows: u32,
  objective: u32,
  other_digit: u32,
  target_log_probability: f32,
  l1: f32,
  l2: f32,
  total_variation: f32,
  start_distance: f32,
  density: f32,
}
struct StepParameters {
  rate: f32,
  average: f32,
  scaling: f32,
  epsilon: f32,
  a: f32,
  b: f32,
  right: f32,
  down: f32,
}
struct Schedule {
  settings: Settings,
  steps: array<StepParameters>,
}
@group(0) @binding(0) var<storage, read> matrices: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> before: array<f32>;
@group(0) @binding(2) var<storage, read> schedule: Schedule;
@group(0) @binding(3) var<storage, read> start: array<f32>;
@group(0) @binding(4) var<storage, read_write> snapshot: array<f32>;
const ROWS = 1u;
const WORKGROUP_SIZE = 256u;
const ROW_STRIDE = 1568u;
const SPARE = 784u;
const PARAMETERS = 784u;
const LOGITS = 1232u;
const GRADIENT = 0u;
const REGULARIZER_SUMS = 256u;
const TARGET_PROBABILITY = 0u;
const LOG_PROBABILITY = 1u;
const LOGIT = 2u;
const MEAN = 0.0f;
const STD = 1.0f;
const LONGEST_STEP = 10.0f;
const PIXELS_ARE_PARAMETERS = true;
const HIDDEN_UNIT = false;
var<workgroup> work: array<f32, 1568>;
const base = 0u;
fn enter(group: u32) {}
fn sync() { workgroupBarrier(); }
var<workgroup> partial_sums: array<vec4<f32>, 256>;
fn activate(x: vec4<f32>) -> vec4<f32> { return max(x, vec4<f32>(0.0)); }
fn derivative(x: vec4<f32>) -> vec4<f32> { return select(vec4<f32>(0.0), vec4<f32>(1.0), x > vec4<f32>(0.0)); }
fn activate_one(x: f32) -> f32 { return max(x, f32(0.0)); }
fn derivative_one(x: f32) -> f32 { return select(f32(0.0), f32(1.0), x > f32(0.0)); }

fn forward_0(invocation: u32) {
  if (invocation < 256u) {
    let unit = invocation % 64u;
    let begin = (invocation / 64u) * 196u;
    let end = min(begin + 196u, 784u);
    var sum_0 = vec4<f32>();
    var at = 0u + begin * 64u + unit;
    for (var k = begin; k < end; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 64u];
      let m2 = matrices[at + 2u * 64u];
      let m3 = matrices[at + 3u * 64u];
      at += 4u * 64u;
      sum_0 += m0 * work[base + 0u + 0u + k] + m1 * work[base + 1u + 0u + k] + m2 * work[base + 2u + 0u + k] + m3 * work[base + 3u + 0u + k];
    }
    partial_sums[invocation] = sum_0;
  }
  workgroupBarrier();
  if (invocation < 64u) {
    let unit = invocation;
    var sum_0 = matrices[100352u + unit];
    for (var i = invocation; i < 256u; i += 64u) { sum_0 += partial_sums[i]; }
    { let four_ = activate(sum_0); work[base + 0u * ROW_STRIDE + 784u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 784u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 784u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 784u + 4u * unit + 3u] = four_[3]; }
  }
}

fn backward_0(invocation: u32) {
  for (var unit = invocation; unit < 196u; unit += 256u) {
    var sum_0 = vec4<f32>();
    var at = 50176u + 0u * 196u + unit;
    for (var k = 0u; k < 256u; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 196u];
      let m2 = matrices[at + 2u * 196u];
      let m3 = matrices[at + 3u * 196u];
      at += 4u * 196u;
      sum_0 += m0 * work[base + 0u + 784u + k] + m1 * work[base + 1u + 784u + k] + m2 * work[base + 2u + 784u + k] + m3 * work[base + 3u + 784u + k];
    }
    { let four_ = sum_0 / STD; work[base + 0u * ROW_STRIDE + 0u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 0u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 0u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 0u + 4u * unit + 3u] = four_[3]; }
  }
}

fn forward_1(invocation: u32) {
  if (invocation < 256u) {
    let unit = invocation % 32u;
    let begin = (invocation / 32u) * 32u;
    let end = min(begin + 32u, 256u);
    var sum_0 = vec4<f32>();
    var at = 100416u + begin * 32u + unit;
    for (var k = begin; k < end; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 32u];
      let m2 = matrices[at + 2u * 32u];
      let m3 = matrices[at + 3u * 32u];
      at += 4u * 32u;
      sum_0 += m0 * work[base + 0u + 784u + k] + m1 * work[base + 1u + 784u + k] + m2 * work[base + 2u + 784u + k] + m3 * work[base + 3u + 784u + k];
    }
    partial_sums[invocation] = sum_0;
  }
  workgroupBarrier();
  if (invocation < 32u) {
    let unit = invocation;
    var sum_0 = matrices[116800u + unit];
    for (var i = invocation; i < 256u; i += 32u) { sum_0 += partial_sums[i]; }
    { let four_ = activate(sum_0); work[base + 0u * ROW_STRIDE + 1040u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 1040u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 1040u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 1040u + 4u * unit + 3u] = four_[3]; }
  }
}

fn backward_1(invocation: u32) {
  if (invocation < 256u) {
    let unit = invocation % 64u;
    let begin = (invocation / 64u) * 32u;
    let end = min(begin + 32u, 128u);
    var sum_0 = vec4<f32>();
    var at = 108608u + begin * 64u + unit;
    for (var k = begin; k < end; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 64u];
      let m2 = matrices[at + 2u * 64u];
      let m3 = matrices[at + 3u * 64u];
      at += 4u * 64u;
      sum_0 += m0 * work[base + 0u + 1040u + k] + m1 * work[base + 1u + 1040u + k] + m2 * work[base + 2u + 1040u + k] + m3 * work[base + 3u + 1040u + k];
    }
    partial_sums[invocation] = sum_0;
  }
  workgroupBarrier();
  if (invocation < 64u) {
    let unit = invocation;
    var sum_0 = vec4<f32>();
    for (var i = invocation; i < 256u; i += 64u) { sum_0 += partial_sums[i]; }
    { let four_ = sum_0 * derivative(vec4<f32>(work[base + 0u * ROW_STRIDE + 784u + 4u * unit + 0u], work[base + 0u * ROW_STRIDE + 784u + 4u * unit + 1u], work[base + 0u * ROW_STRIDE + 784u + 4u * unit + 2u], work[base + 0u * ROW_STRIDE + 784u + 4u * unit + 3u])); work[base + 0u * ROW_STRIDE + 784u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 784u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 784u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 784u + 4u * unit + 3u] = four_[3]; }
  }
}

fn forward_2(invocation: u32) {
  if (invocation < 128u) {
    let unit = invocation % 16u;
    let begin = (invocation / 16u) * 16u;
    let end = min(begin + 16u, 128u);
    var sum_0 = vec4<f32>();
    var at = 116832u + begin * 16u + unit;
    for (var k = begin; k < end; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 16u];
      let m2 = matrices[at + 2u * 16u];
      let m3 = matrices[at + 3u * 16u];
      at += 4u * 16u;
      sum_0 += m0 * work[base + 0u + 1040u + k] + m1 * work[base + 1u + 1040u + k] + m2 * work[base + 2u + 1040u + k] + m3 * work[base + 3u + 1040u + k];
    }
    partial_sums[invocation] = sum_0;
  }
  workgroupBarrier();
  if (invocation < 16u) {
    let unit = invocation;
    var sum_0 = matrices[120928u + unit];
    for (var i = invocation; i < 128u; i += 16u) { sum_0 += partial_sums[i]; }
    { let four_ = activate(sum_0); work[base + 0u * ROW_STRIDE + 1168u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 1168u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 1168u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 1168u + 4u * unit + 3u] = four_[3]; }
  }
}

fn backward_2(invocation: u32) {
  if (invocation < 128u) {
    let unit = invocation % 32u;
    let begin = (invocation / 32u) * 16u;
    let end = min(begin + 16u, 64u);
    var sum_0 = vec4<f32>();
    var at = 118880u + begin * 32u + unit;
    for (var k = begin; k < end; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 32u];
      let m2 = matrices[at + 2u * 32u];
      let m3 = matrices[at + 3u * 32u];
      at += 4u * 32u;
      sum_0 += m0 * work[base + 0u + 1168u + k] + m1 * work[base + 1u + 1168u + k] + m2 * work[base + 2u + 1168u + k] + m3 * work[base + 3u + 1168u + k];
    }
    partial_sums[invocation] = sum_0;
  }
  workgroupBarrier();
  if (invocation < 32u) {
    let unit = invocation;
    var sum_0 = vec4<f32>();
    for (var i = invocation; i < 128u; i += 32u) { sum_0 += partial_sums[i]; }
    { let four_ = sum_0 * derivative(vec4<f32>(work[base + 0u * ROW_STRIDE + 1040u + 4u * unit + 0u], work[base + 0u * ROW_STRIDE + 1040u + 4u * unit + 1u], work[base + 0u * ROW_STRIDE + 1040u + 4u * unit + 2u], work[base + 0u * ROW_STRIDE + 1040u + 4u * unit + 3u])); work[base + 0u * ROW_STRIDE + 1040u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 1040u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 1040u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 1040u + 4u * unit + 3u] = four_[3]; }
  }
}

fn forward_3(invocation: u32) {
  if (invocation < 12u) {
    let unit = invocation % 3u;
    let begin = (invocation / 3u) * 16u;
    let end = min(begin + 16u, 64u);
    var sum_0 = vec4<f32>();
    var at = 120944u + begin * 3u + unit;
    for (var k = begin; k < end; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 3u];
      let m2 = matrices[at + 2u * 3u];
      let m3 = matrices[at + 3u * 3u];
      at += 4u * 3u;
      sum_0 += m0 * work[base + 0u + 1168u + k] + m1 * work[base + 1u + 1168u + k] + m2 * work[base + 2u + 1168u + k] + m3 * work[base + 3u + 1168u + k];
    }
    partial_sums[invocation] = sum_0;
  }
  workgroupBarrier();
  if (invocation < 3u) {
    let unit = invocation;
    var sum_0 = matrices[121328u + unit];
    for (var i = invocation; i < 12u; i += 3u) { sum_0 += partial_sums[i]; }
    { let four_ = (sum_0); work[base + 0u * ROW_STRIDE + 1232u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 1232u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 1232u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 1232u + 4u * unit + 3u] = four_[3]; }
  }
}

fn backward_3(invocation: u32) {
  for (var unit = invocation; unit < 16u; unit += 256u) {
    var sum_0 = vec4<f32>();
    var at = 121136u + 0u * 16u + unit;
    for (var k = 0u; k < 12u; k += 4u) {
      let m0 = matrices[at];
      let m1 = matrices[at + 16u];
      let m2 = matrices[at + 2u * 16u];
      let m3 = matrices[at + 3u * 16u];
      at += 4u * 16u;
      sum_0 += m0 * work[base + 0u + 1232u + k] + m1 * work[base + 1u + 1232u + k] + m2 * work[base + 2u + 1232u + k] + m3 * work[base + 3u + 1232u + k];
    }
    { let four_ = sum_0 * derivative(vec4<f32>(work[base + 0u * ROW_STRIDE + 1168u + 4u * unit + 0u], work[base + 0u * ROW_STRIDE + 1168u + 4u * unit + 1u], work[base + 0u * ROW_STRIDE + 1168u + 4u * unit + 2u], work[base + 0u * ROW_STRIDE + 1168u + 4u * unit + 3u])); work[base + 0u * ROW_STRIDE + 1168u + 4u * unit + 0u] = four_[0]; work[base + 0u * ROW_STRIDE + 1168u + 4u * unit + 1u] = four_[1]; work[base + 0u * ROW_STRIDE + 1168u + 4u * unit + 2u] = four_[2]; work[base + 0u * ROW_STRIDE + 1168u + 4u * unit + 3u] = four_[3]; }
  }
}

fn forward(invocation: u32) {
  forward_0(invocation);
  sync();
  forward_1(invocation);
  sync();
  forward_2(invocation);
  sync();
  forward_3(invocation);
  sync();
}

fn backward(invocation: u32) {
  backward_3(invocation);
  sync();
  backward_2(invocation);
  sync();
  backward_1(invocation);
  sync();
  backward_0(invocation);
  sync();
}

fn make_images(invocation: u32) {
}

fn parameter_gradient(invocation: u32) {
}

fn blur_gradient(invocation: u32) {
}

// The part of the kernel that is the same for every network. `writer.rs` puts the rest in front of it:
// the buffers, the constants in capitals, the workspace with `base`, where this workgroup's part of it
// begins, `enter` and `sync`, and the functions `forward`, `backward`, `make_images`,
// `parameter_gradient`, `blur_gradient`, `activate` and `derivative`.

var<workgroup> regularizer_sums: array<f32, REGULARIZER_SUMS>;
var<workgroup> shared_settings: Settings;
var<workgroup> shared_step: StepParameters;
var<private> settings: Settings;
var<private> step: StepParameters;
// Where the network's input comes from in the image: the identity while the trace is computed.
var<private> source: Source;
var<private> first_row: u32; // Of this workgroup.
// Where the parts of the snapshot begin: see `Snapshot` in Rust.
var<private> images: u32;
var<private> state: u32;
var<private> first_moments: u32;
var<private> second_moments: u32;
var<private> now: u32;
var<private> trace: u32;

// The pixel of the network's input at (x, y) shows the image at (a x + b y + right, a y - b x + down).
struct Source { a: f32, b: f32, right: f32, down: f32 }

// Waits for all invocations of the workgroup, and for what they wrote to storage buffers.
fn sync_all() { storageBarrier(); workgroupBarrier(); }

// The value of a map at a row and a column, counted from the corner of its padding; 0 in the padding.
fn padded_value(map: u32, y: u32, x: u32, padding: vec2<u32>, size: vec2<u32>) -> f32 {
  let at = vec2<u32>(x, y) - padding;
  return select(0.0, work[map + min(at.y, size.y - 1u) * size.x + min(at.x, size.x - 1u)], all(at < size));
}

// Clamped, because WGSL lets a compiler assume that there are no infinities.
fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(-clamp(x, -80.0, 80.0))); }

// Column and row of a pixel.
fn position(pixel: u32) -> vec2<f32> { return vec2<f32>(f32(pixel % 28u), f32(pixel / 28u)); }

// Column and row of the image that the input shows at a position.
fn source_of(at: vec2<f32>) -> vec2<f32> {
  return vec2<f32>(
    source.a * at.x + source.b * at.y + source.right,
    source.a * at.y - source.b * at.x + source.down,
  );
}

// Writes the network's input: the image, transformed with bilinear interpolation, and normalized.
fn load_input(invocation: u32) {
  for (var i = invocation; i < 784u; i += WORKGROUP_SIZE) {
    let at = source_of(position(i));
    let corner = floor(at);
    let part = at - corner;
    // The four neighbors; those outside the image count as 0.
    let columns = vec4<f32>(corner.x, corner.x + 1.0, corner.x, corner.x + 1.0);
    let lines = vec4<f32>(corner.y, corner.y, corner.y + 1.0, corner.y + 1.0);
    let inside = (columns >= vec4<f32>(0.0)) & (columns < vec4<f32>(28.0))
      & (lines >= vec4<f32>(0.0)) & (lines < vec4<f32>(28.0));
    let across = vec4<f32>(1.0 - part.x, part.x, 1.0 - part.x, part.x);
    let down = vec4<f32>(1.0 - part.y, 1.0 - part.y, part.y, part.y);
    let weights_ = select(vec4<f32>(0.0), across * down, inside);
    let clamped = 28.0 * clamp(lines, vec4<f32>(0.0), vec4<f32>(27.0)) + clamp(columns, vec4<f32>(0.0), vec4<f32>(27.0));
    let pixels = vec4<u32>(clamped);
    for (var row = 0u; row < ROWS; row++) {
      let image = images + (first_row + row) * 784u;
      let values = vec4<f32>(
        snapshot[image + pixels.x],
        snapshot[image + pixels.y],
        snapshot[image + pixels.z],
        snapshot[image + pixels.w],
      );
      work[base + row * ROW_STRIDE + i] = (dot(weights_, values) - MEAN) / STD;
    }
  }
}

// Turns the gradient with respect to the network's input into the one with respect to the image, which
// is the transpose of the bilinear interpolation: each pixel of the image adds up the input's pixels
// that may have read it, each with the weight with which it did.
fn transpose_transform(invocation: u32) {
  let a = source.a;
  let b = source.b;
  let determinant = a * a + b * b;
  let reach = (abs(a) + abs(b)) / determinant;
  for (var i = invocation; i < 784u; i += WORKGROUP_SIZE) {
    for (var row = 0u; row < ROWS; row++) { work[base + row * ROW_STRIDE + SPARE + i] = 0.0; }
    let pixel = position(i);
    let away = pixel - vec2<f32>(source.right, source.down);
    // The input's position that shows exactly this pixel.
    let center = vec2<f32>(a * away.x - b * away.y, b * away.x + a * away.y) / determinant;
    let low = vec2<i32>(clamp(ceil(center - reach), vec2<f32>(0.0), vec2<f32>(28.0)));
    let high = vec2<i32>(clamp(floor(center + reach), vec2<f32>(-1.0), vec2<f32>(27.0)));
    for (var y = low.y; y <= high.y; y++) {
      for (var x = low.x; x <= high.x; x++) {
        let distance = abs(source_of(vec2<f32>(f32(x), f32(y))) - pixel);
        let weight = max(1.0 - distance.x, 0.0) * max(1.0 - distance.y, 0.0);
        if (weight > 0.0) {
          for (var row = 0u; row < ROWS; row++) {
            let at = base + row * ROW_STRIDE;
            work[at + SPARE + i] += weight * work[at + u32(y * 28 + x)];
          }
        }
      }
    }
  }
  sync();
  for (var i = invocation; i < 784u; i += WORKGROUP_SIZE) {
    for (var row = 0u; row < ROWS; row++) {
      let at = base + row * ROW_STRIDE + i;
      work[at] = work[at + SPARE];
    }
  }
  sync();
}

// The loss of one row. `wanted` is the log-probability of its digit.
fn loss(wanted: f32, logit: f32, other: f32) -> f32 {
  switch settings.objective {
    case TARGET_PROBABILITY: { return (wanted - settings.target_log_probability) * (wanted - settings.target_log_probability); }
    case LOG_PROBABILITY: { return -wanted; }
    case LOGIT: { return -logit; }
    default: { return other - logit; }
  }
}

// The loss's derivative with respect to the logit of a digit whose probability is p. `hit` is 1 for the
// row's digit, `other` for the one that a logit difference names; else they are 0.
fn loss_derivative(wanted: f32, p: f32, hit: f32, other: f32) -> f32 {
  switch settings.objective {
    case TARGET_PROBABILITY: { return 2.0 * (wanted - settings.target_log_probability) * (hit - p); }
    case LOG_PROBABILITY: { return p - hit; }
    case LOGIT: { return -hit; }
    default: { return other - hit; }
  }
}

// The digit of a row.
fn digit_of(row: u32) -> u32 { return u32(start[settings.rows * 784u + first_row + row]); }

// Where a row's hidden unit has its bias and its weights in `start`.
fn unit_bias(row: u32) -> u32 { return settings.rows * 785u + first_row + row; }
fn unit_weights(row: u32, inputs: u32) -> u32 { return settings.rows * 786u + (first_row + row) * inputs; }

// Replaces the logits of a row by the loss's gradient with respect to them. Writes log-probabilities
// and loss to the snapshot at `trace_at`, unless that is 0.
fn loss_and_gradient(row: u32, trace_at: u32) {
  let at = base + row * ROW_STRIDE + LOGITS;
  var top = work[at];
  for (var j = 1u; j < 10u; j++) { top = max(top, work[at + j]); }
  var sum = 0.0;
  for (var j = 0u; j < 10u; j++) { sum += exp(work[at + j] - top); }
  let log_sum = log(sum);
  let digit = select(digit_of(row), 0u, HIDDEN_UNIT);
  let wanted = work[at + digit] - top - log_sum;
  if (trace_at != 0u) {
    for (var j = 0u; j < 10u; j++) { snapshot[trace_at + j] = work[at + j] - top - log_sum; }
    var regularizers = 0.0;
    if (regularized() || HIDDEN_UNIT) {
      for (var i = 0u; i < WORKGROUP_SIZE; i++) { regularizers += regularizer_sums[row * WORKGROUP_SIZE + i]; }
    }
    let of_logits = loss(wanted, work[at + digit], work[at + settings.other_digit]);
    snapshot[trace_at + 10u] = select(of_logits, 0.0, HIDDEN_UNIT) + regularizers;
  }
  for (var j = 0u; j < 10u; j++) {
    let hit = select(0.0, 1.0, j == digit);
    let p = exp(work[at + j] - top - log_sum);
    work[at + j] = loss_derivative(wanted, p, hit, select(0.0, 1.0, j == settings.other_digit));
  }
  work[at + 10u] = 0.0;
  work[at + 11u] = 0.0;
}

fn regularized() -> bool {
  return settings.l1 != 0.0 || settings.l2 != 0.0 || settings.total_variation != 0.0
    || settings.start_distance != 0.0 || settings.density != 0.0;
}

// An image's pixel `by` columns and rows from pixel i; beyond the border, pixel i itself.
fn neighbor(image: u32, i: u32, by: vec2<i32>) -> f32 {
  let at = clamp(vec2<i32>(i32(i % 28u), i32(i / 28u)) + by, vec2<i32>(0), vec2<i32>(27));
  return snapshot[image + u32(at.y * 28 + at.x)];
}

// What the regularizers add to the loss, as one partial sum for each invocation.
fn regularizer_loss(invocation: u32) {
  for (var row = 0u; row < ROWS; row++) {
    let image = images + (first_row + row) * 784u;
    var sum = 0.0;
    for (var i = invocation; i < 784u; i += WORKGROUP_SIZE) {
      let x = snapshot[image + i];
      let away = x - start[(first_row + row) * 784u + i];
      let edges = abs(neighbor(image, i, vec2<i32>(1, 0)) - x) + abs(neighbor(image, i, vec2<i32>(0, 1)) - x);
      sum += settings.l1 * abs(x) + settings.l2 * x * x + settings.total_variation * edges + settings.start_distance * away * away;
    }
    for (var i = invocation; i < PARAMETERS; i += WORKGROUP_SIZE) {
      let p = snapshot[state + (first_row + row) * PARAMETERS + i];
      sum += settings.density * p * p;
    }
    regularizer_sums[row * WORKGROUP_SIZE + invocation] = sum;
  }
}

// Adds the regularizers' gradient to that of the images. That of the density is added in `optimize`.
fn regularizer_gradient(invocation: u32) {
  for (var row = 0u; row < ROWS; row++) {
    let image = images + (first_row + row) * 784u;
    for (var i = invocation; i < 784u; i += WORKGROUP_SIZE) {
      let x = snapshot[image + i];
      let away = x - start[(first_row + row) * 784u + i];
      let edges = sign(x - neighbor(image, i, vec2<i32>(1, 0))) + sign(x - neighbor(image, i, vec2<i32>(-1, 0)))
        + sign(x - neighbor(image, i, vec2<i32>(0, 1))) + sign(x - neighbor(image, i, vec2<i32>(0, -1)));
      work[base + row * ROW_STRIDE + i] += settings.l1 * sign(x) + 2.0 * settings.l2 * x
        + settings.total_variation * edges + 2.0 * settings.start_distance * away;
    }
  }
}

// One formula for all optimizers: see `StepParameters` in Rust. 1 - 0.9 and 1 - 0.999 are rounded to single precision,
// as Burn rounds them.
fn optimize(invocation: u32) {
  for (var i = invocation; i < PARAMETERS; i += WORKGROUP_SIZE) {
    for (var row = 0u; row < ROWS; row++) {
      let at = (first_row + row) * PARAMETERS + i;
      let p = snapshot[state + at];
      let g = work[base + row * ROW_STRIDE + GRADIENT + i] + 2.0 * settings.density * p;
      let m = 0.9 * snapshot[first_moments + at] + (1.0f - 0.9f) * g;
      let v = 0.999 * snapshot[second_moments + at] + (1.0f - 0.999f) * g * g;
      snapshot[first_moments + at] = m;
      snapshot[second_moments + at] = v;
      let direction = step.average * m + (1.0 - step.average) * g;
      let change = step.rate * direction / (step.scaling * sqrt(v) + step.epsilon);
      snapshot[state + at] = p - clamp(change, -LONGEST_STEP, LONGEST_STEP);
    }
  }
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) invocation: u32) {
  if (invocation == 0u) { shared_settings = schedule.settings; }
  let loaded = workgroupUniformLoad(&shared_settings);
  settings = loaded;
  let count = loaded.iterations;
  let rows = loaded.rows;
  state = rows * 784u;
  first_moments = state + rows * PARAMETERS;
  second_moments = first_moments + rows * PARAMETERS;
  now = second_moments + rows * PARAMETERS;
  trace = now + rows * 11u;
  images = select(0u, state, PIXELS_ARE_PARAMETERS);
  first_row = group.x * ROWS;
  enter(group.x);
  for (var i = invocation; i < ROWS * ROW_STRIDE; i += WORKGROUP_SIZE) { work[base + i] = 0.0; }
  for (var i = invocation; i < ROWS * PARAMETERS; i += WORKGROUP_SIZE) {
    let at = first_row * PARAMETERS + i;
    snapshot[state + at] = before[state + at];
    snapshot[first_moments + at] = before[first_moments + at];
    snapshot[second_moments + at] = before[second_moments + at];
  }
  // One more than there are iterations: the last only computes log-probabilities and losses.
  for (var iteration = 0u; iteration <= count; iteration++) {
    if (invocation == 0u) { shared_step = schedule.steps[iteration]; }
    sync_all();
    make_images(invocation);
    sync_all();
    if (regularized()) { regularizer_loss(invocation); }
    let parameters = workgroupUniformLoad(&shared_step);
    step = parameters;
    let transformed = iteration < count && (parameters.a != 1.0 || parameters.b != 0.0
      || parameters.right != 0.0 || parameters.down != 0.0);
    // The first pass is for the trace and sees the images as they are. Where this iteration transforms
    // them, a second one sees them transformed, for the gradient.
    source = Source(1.0, 0.0, 0.0, 0.0);
    let passes = select(1u, 2u, transformed);
    for (var pass_ = 0u; pass_ < passes; pass_++) {
      if (pass_ == 1u) { source = Source(parameters.a, parameters.b, parameters.right, parameters.down); }
      load_input(invocation);
      sync();
      forward(invocation);
      if (invocation < ROWS) {
        let row = first_row + invocation;
        let trace_at = select(trace + (iteration * rows + row) * 11u, now + row * 11u, iteration == count);
        loss_and_gradient(invocation, select(trace_at, 0u, pass_ == 1u));
      }
      sync();
    }
    if (iteration == count) { break; }
    backward(invocation);
    if (transformed) { transpose_transform(invocation); }
    if (regularized()) { regularizer_gradient(invocation); }
    sync();
    parameter_gradient(invocation);
    blur_gradient(invocation);
    optimize(invocation);
  }

  if (PIXELS_ARE_PARAMETERS) {
    for (var i = invocation; i < ROWS * 784u; i += WORKGROUP_SIZE) {
      snapshot[first_row * 784u + i] = snapshot[state + first_row * 784u + i];
    }
  }
}
