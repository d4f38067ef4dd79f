// A fused iteration, as far as it is the same for every network. `mod.rs` puts in front of it what
// depends on the plan: the buffers, the constants in capitals, the workspace with `base`, where the
// workgroup's part of it begins, `enter` and `sync`, and the functions `forward`, `backward`,
// `make_images`, `to_parameters`, `blur`, `activate` and `derivative`.

var<workgroup> sums: array<vec4<f32>, SUMS>;
var<workgroup> charges: array<f32, CHARGES>;
var<workgroup> shared_header: array<vec4<f32>, 3>;
var<workgroup> shared_order: vec4<f32>;
// count, target, l1, l2; variation, distance, density, rows; objective, the other digit
var<private> header: array<vec4<f32>, 3>;
var<private> shift: vec2<i32>;
var<private> first: u32; // The workgroup's first row.
// Where the parts of the frame begin.
var<private> images: u32;
var<private> state: u32;
var<private> moments: u32;
var<private> squares: u32;
var<private> now: u32;
var<private> trace: u32;

// Waits for all invocations, and for what they wrote to the workspace and to the frame.
fn sync_all() { storageBarrier(); workgroupBarrier(); }

// A value of a map, and 0 around it.
fn inside(map: u32, y: u32, x: u32, before: vec2<u32>, size: vec2<u32>) -> f32 {
  let at = vec2<u32>(x, y) - before;
  return select(0.0, work[map + min(at.y, size.y - 1u) * size.x + min(at.x, size.x - 1u)], all(at < size));
}

// Without an infinity on the way, which WGSL lets a compiler take for anything.
fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(-clamp(x, -80.0, 80.0))); }

// What the network sees: the image, moved.
fn see(lane: u32) {
  for (var i = lane; i < 784u; i += LANES) {
    let source = vec2<i32>(i32(i % 28u), i32(i / 28u)) - shift;
    let there = all(source >= vec2<i32>(0)) && all(source < vec2<i32>(28));
    let pixel = u32(clamp(source.y, 0, 27) * 28 + clamp(source.x, 0, 27));
    for (var row = 0u; row < BATCH; row++) {
      let value = select(0.0, frame[images + (first + row) * 784u + pixel], there);
      work[base + row * ROW + i] = (value - MEAN) / DEVIATION;
    }
  }
}

// The gradient of what the network saw at a pixel goes back to where that came from. What came from
// outside leaves zeros where the image lost pixels on the other side.
fn hand_back(row: u32, pixel: u32, value: f32) {
  let source = vec2<i32>(i32(pixel % 28u), i32(pixel / 28u)) - shift;
  let there = all(source >= vec2<i32>(0)) && all(source < vec2<i32>(28));
  let to = vec2<u32>((source + 28) % 28);
  work[base + row * ROW + to.y * 28u + to.x] = select(0.0, value / DEVIATION, there);
}

fn loss(objective: u32, wanted: f32, logit: f32, other: f32) -> f32 {
  switch objective {
    case DISTANCE: { return (wanted - header[0].y) * (wanted - header[0].y); }
    case LOG_PROBABILITY: { return -wanted; }
    case LOGIT: { return -logit; }
    default: { return other - logit; }
  }
}

// Of the loss, for the logit of a digit of probability p; hit and other are 1 for these digits.
fn loss_slope(objective: u32, wanted: f32, p: f32, hit: f32, other: f32) -> f32 {
  switch objective {
    case DISTANCE: { return 2.0 * (wanted - header[0].y) * (hit - p); }
    case LOG_PROBABILITY: { return p - hit; }
    case LOGIT: { return -hit; }
    default: { return other - hit; }
  }
}

// The digit that a row is made for.
fn row_is_for(row: u32) -> u32 { return u32(start[u32(header[1].w) * 784u + first + row]); }

// Where the unit that a row is made for has its bias, and its weights.
fn unit_bias(row: u32) -> u32 { return u32(header[1].w) * 785u + first + row; }
fn unit_weights(row: u32, inputs: u32) -> u32 { return u32(header[1].w) * 786u + (first + row) * inputs; }

// The loss of a row's logits; their gradient takes their place. Writes it all down at `record`, but
// for 0.
fn judge(row: u32, record: u32) {
  let at = base + row * ROW + LOGITS;
  var top = work[at];
  for (var j = 1u; j < 10u; j++) { top = max(top, work[at + j]); }
  var sum = 0.0;
  for (var j = 0u; j < 10u; j++) { sum += exp(work[at + j] - top); }
  let whole = log(sum);
  let digit = select(row_is_for(row), 0u, FOR_UNITS);
  let wanted = work[at + digit] - top - whole;
  let objective = u32(header[2].x);
  let other = u32(header[2].y);
  if (record != 0u) {
    for (var j = 0u; j < 10u; j++) { frame[record + j] = work[at + j] - top - whole; }
    var charge = 0.0;
    if (charged() || FOR_UNITS) {
      for (var i = 0u; i < LANES; i++) { charge += charges[row * LANES + i]; }
    }
    let of_logits = loss(objective, wanted, work[at + digit], work[at + other]);
    frame[record + 10u] = select(of_logits, 0.0, FOR_UNITS) + charge;
  }
  for (var j = 0u; j < 10u; j++) {
    let hit = select(0.0, 1.0, j == digit);
    let p = exp(work[at + j] - top - whole);
    work[at + j] = loss_slope(objective, wanted, p, hit, select(0.0, 1.0, j == other));
  }
  work[at + 10u] = 0.0;
  work[at + 11u] = 0.0;
}

fn charged() -> bool {
  return any(header[0].zw != vec2<f32>()) || any(header[1].xyz != vec3<f32>());
}

// What a pixel's image holds `by` pixels on, and the pixel's own value at the border.
fn beside(image: u32, i: u32, by: vec2<i32>) -> f32 {
  let at = clamp(vec2<i32>(i32(i % 28u), i32(i / 28u)) + by, vec2<i32>(0), vec2<i32>(27));
  return frame[image + u32(at.y * 28 + at.x)];
}

// What the images are charged for, summed up by each invocation for itself.
fn charge(lane: u32) {
  for (var row = 0u; row < BATCH; row++) {
    let image = images + (first + row) * 784u;
    var sum = 0.0;
    for (var i = lane; i < 784u; i += LANES) {
      let x = frame[image + i];
      let away = x - start[(first + row) * 784u + i];
      let edges = abs(beside(image, i, vec2<i32>(1, 0)) - x) + abs(beside(image, i, vec2<i32>(0, 1)) - x);
      sum += header[0].z * abs(x) + header[0].w * x * x + header[1].x * edges + header[1].y * away * away;
    }
    for (var i = lane; i < PARAMETERS; i += LANES) {
      let p = frame[state + (first + row) * PARAMETERS + i];
      sum += header[1].z * p * p;
    }
    charges[row * LANES + lane] = sum;
  }
}

// Adds the charges' gradient to the images'.
fn discharge(lane: u32) {
  for (var row = 0u; row < BATCH; row++) {
    let image = images + (first + row) * 784u;
    for (var i = lane; i < 784u; i += LANES) {
      let x = frame[image + i];
      let away = x - start[(first + row) * 784u + i];
      let edges = sign(x - beside(image, i, vec2<i32>(1, 0))) + sign(x - beside(image, i, vec2<i32>(-1, 0)))
        + sign(x - beside(image, i, vec2<i32>(0, 1))) + sign(x - beside(image, i, vec2<i32>(0, -1)));
      work[base + row * ROW + i] += header[0].z * sign(x) + 2.0 * header[0].w * x
        + header[1].x * edges + 2.0 * header[1].y * away;
    }
  }
}

// Adam (Kingma and Ba, 2015), as Burn computes it: what remains to 1 in single precision, too.
fn descend(lane: u32, rate: f32, epsilon: f32) {
  for (var i = lane; i < PARAMETERS; i += LANES) {
    for (var row = 0u; row < BATCH; row++) {
      let at = (first + row) * PARAMETERS + i;
      let p = frame[state + at];
      let g = work[base + row * ROW + GRADIENT + i] + 2.0 * header[1].z * p;
      let m = 0.9 * frame[moments + at] + (1.0f - 0.9f) * g;
      let v = 0.999 * frame[squares + at] + (1.0f - 0.999f) * g * g;
      frame[moments + at] = m;
      frame[squares + at] = v;
      frame[state + at] = p - rate * m / (sqrt(v) + epsilon);
    }
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  if (lane < 3u) {
    let at = 4u * lane;
    shared_header[lane] = vec4<f32>(schedule[at], schedule[at + 1u], schedule[at + 2u], schedule[at + 3u]);
  }
  let loaded = workgroupUniformLoad(&shared_header);
  header = loaded;
  let count = u32(loaded[0].x);
  let rows = u32(loaded[1].w);
  state = rows * 784u;
  moments = state + rows * PARAMETERS;
  squares = moments + rows * PARAMETERS;
  now = squares + rows * PARAMETERS;
  trace = now + rows * 11u;
  images = select(0u, state, PIXELS_ARE_PARAMETERS);
  first = group.x * BATCH;
  enter(group.x);
  for (var i = lane; i < BATCH * ROW; i += LANES) { work[base + i] = 0.0; }
  for (var i = lane; i < BATCH * PARAMETERS; i += LANES) {
    let at = first * PARAMETERS + i;
    frame[state + at] = before[state + at];
    frame[moments + at] = before[moments + at];
    frame[squares + at] = before[squares + at];
  }
  for (var step = 0u; step <= count; step++) {
    if (lane == 0u) {
      let at = ORDERS + 4u * step;
      shared_order = vec4<f32>(schedule[at], schedule[at + 1u], schedule[at + 2u], schedule[at + 3u]);
    }
    sync_all();
    make_images(lane);
    sync_all();
    if (charged()) { charge(lane); }
    let order = workgroupUniformLoad(&shared_order);
    // First the images as they are, for the record; then, if they are moved, as the network is to
    // see them.
    let passes = select(1u, 2u, step < count && any(order.zw != vec2<f32>(0.0)));
    for (var turn = 0u; turn < passes; turn++) {
      shift = vec2<i32>(order.zw) * i32(turn);
      see(lane);
      sync();
      forward(lane);
      if (lane < BATCH) {
        let row = first + lane;
        let record = select(trace + (step * rows + row) * 11u, now + row * 11u, step == count);
        judge(lane, select(record, 0u, turn == 1u));
      }
      sync();
    }
    if (step == count) { break; }
    backward(lane);
    if (charged()) { discharge(lane); }
    sync();
    to_parameters(lane);
    blur(lane);
    descend(lane, order.x, order.y);
  }

  if (PIXELS_ARE_PARAMETERS) {
    for (var i = lane; i < BATCH * 784u; i += LANES) {
      frame[first * 784u + i] = frame[state + first * 784u + i];
    }
  }
}
