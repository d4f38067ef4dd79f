// What a GPU refuses. A kernel that a browser cannot compile throws nothing: it is not run, its buffers keep
// what was in them, and to read them succeeds. Burn's GPU runtime only logs that in a browser
// (tracel-ai/cubecl#1641), and an `uncapturederror` may come later than what was read. So a session has error scopes
// of its own, and does not hand out what was read before they have answered.

/** The methods whose results WebGPU validates some time after it has returned them. */
const MADE = ['createShaderModule', 'createComputePipeline'] as const;
/** What may be wrong with these results: the code, or the driver. */
const KINDS = ['validation', 'internal'] as const;

/** One module connects at a time, so that none takes another's device for its own. */
let connecting = Promise.resolve();

export class Refusals {
  #onRefusal: (message: string) => void;
  /** The error scopes that have not answered yet. */
  #pending = new Set<Promise<void>>();
  /** The device that is watched. */
  #device: GPUDevice | undefined;

  /** @param onRefusal Hears of whatever is refused. */
  constructor(onRefusal: (message: string) => void) {
    this.#onRefusal = onRefusal;
  }

  /** Calls `connect`, and watches the device that it asks for: a module calls `requestDevice` by itself. */
  during<T>(connect: () => Promise<T>): Promise<T> {
    const turn = connecting.then(async () => {
      const { prototype } = GPUAdapter;
      const request = prototype.requestDevice;
      const watch = (device: GPUDevice) => this.#watch(device);
      prototype.requestDevice = async function (...given) {
        const device = await request.apply(this, given);
        watch(device);
        return device;
      };
      try {
        return await connect();
      } finally {
        prototype.requestDevice = request;
      }
    });
    connecting = turn.then(() => {}, () => {});
    return turn;
  }

  /** Settles when all error scopes until now have answered. Never rejects. */
  async known() {
    await Promise.all(this.#pending);
  }

  /**
   * Gives back all that the module has on the GPU. A browser keeps the instances of modules for as long as
   * the page lives, and with them their devices and buffers, which wgpu does not destroy when it drops them.
   */
  destroy() {
    this.#device?.destroy();
  }

  #watch(device: GPUDevice) {
    this.#device = device;
    device.addEventListener('uncapturederror', ({ error }) => this.#onRefusal(error.message));
    for (const name of MADE) {
      const make = device[name] as (descriptor: object) => object;
      Object.assign(device, {
        [name]: (descriptor: object) => {
          KINDS.forEach((kind) => device.pushErrorScope(kind));
          try {
            return make.call(device, descriptor);
          } finally {
            KINDS.forEach(() => this.#await(device.popErrorScope()));
          }
        },
      });
    }
  }

  #await(answer: Promise<GPUError | null>) {
    const known = answer
      .then(
        (error) => error && this.#onRefusal(error.message),
        () => {}, // The device is lost, which the module reports.
      )
      .then(() => void this.#pending.delete(known));
    this.#pending.add(known);
  }
}
