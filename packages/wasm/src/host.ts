/** The part of the host's `WebAssembly` that is used here, so that no browser typings are needed. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  /** Adds pages of 64 KiB; returns how many there were. */
  grow(pages: number): number;
}

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export interface WasmHost {
  validate(bytes: Uint8Array): boolean;
  readonly Memory: new (limits: {
    initial: number;
    maximum?: number;
    shared?: boolean;
  }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { env: Readonly<Record<string, unknown>> },
  ) => WasmInstance;
}

/** The host's `WebAssembly`; undefined where there is none. */
export const webAssembly: WasmHost | undefined = (
  globalThis as unknown as { readonly WebAssembly?: WasmHost }
).WebAssembly;
