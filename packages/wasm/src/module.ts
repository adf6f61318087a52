import {
  type Code,
  type Expressions,
  flatten,
  type Local,
  type Statement,
  type TypeName,
  valueTypes,
} from './code.ts';
import { unsigned } from './leb128.ts';

type Parameters = Readonly<Record<string, TypeName>>;
type Named<P extends Parameters> = { readonly [K in keyof P]: Local<Expressions[P[K]]> };

/** Where a function keeps what it uses more than once. */
export interface Locals {
  local<T extends TypeName>(type: T): Local<Expressions[T]>;
}

/** A call; operands in the order of the parameters. */
export type Call<T extends Code> = (...operands: Code[]) => T;

/** What a module is built from: functions, in the order of their definition. */
export interface ModuleBuilder {
  /** A function of the host, `env.name`. All imports come before the first definition. */
  import<R extends TypeName>(
    name: string,
    parameters: readonly TypeName[],
    result: R,
  ): Call<Expressions[R]>;
  /** The same for a function without a result. */
  importAction(name: string, parameters: readonly TypeName[]): Call<Statement>;
  /** An exported function without a result. */
  define<P extends Parameters>(
    name: string,
    parameters: P,
    body: (parameters: Named<P>, locals: Locals) => Statement,
  ): Call<Statement>;
  /** An exported function with a result. */
  defineValue<P extends Parameters, R extends TypeName>(
    name: string,
    parameters: P,
    result: R,
    body: (parameters: Named<P>, locals: Locals) => Expressions[R],
  ): Call<Expressions[R]>;
  /** The module in the binary format; the same definitions give the same bytes. */
  bytes(): Uint8Array<ArrayBuffer>;
}

/** Pages of 64 KiB that a shared memory may have at most, as its import must say. */
export const maximumPages = 65536;

/** An empty module over the imported memory `env.memory`. */
export function moduleBuilder(options: { shared?: boolean } = {}): ModuleBuilder {
  const types: string[] = [];
  const imported: Code[] = [];
  const functionTypes: number[] = [];
  const exported: Code[] = [];
  const bodies: Code[] = [];

  function typeIndex(parameters: readonly TypeName[], results: readonly TypeName[]): number {
    const bytes = [0x60, ...typeVector(parameters), ...typeVector(results)].join();
    const known = types.indexOf(bytes);
    return known >= 0 ? known : types.push(bytes) - 1;
  }

  function add<P extends Parameters>(
    name: string,
    parameters: P,
    results: readonly TypeName[],
    body: (parameters: Named<P>, locals: Locals) => Code,
  ): Call<Code> {
    const index = imported.length + bodies.length;
    const names = Object.keys(parameters);
    const parameterTypes = names.map((key) => parameters[key]);
    const localTypes: TypeName[] = [];
    const named = Object.fromEntries(names.map((key, i) => [key, variable(i)]));
    const code = body(named as Named<P>, {
      local: (type) => variable(names.length + localTypes.push(type) - 1) as never,
    });
    functionTypes.push(typeIndex(parameterTypes, results));
    exported.push([...text(name), 0x00, ...unsigned(index)]);
    const declared = vector(localTypes.map((type) => [1, valueTypes[type]]));
    bodies.push(sized([declared, code, 0x0b]));
    return (...operands) => [operands, 0x10, ...unsigned(index)];
  }

  function addImport(name: string, parameters: readonly TypeName[], results: TypeName[]) {
    if (bodies.length > 0) throw new Error(`import ${name}: imports come before definitions`);
    const index = imported.length;
    const type = typeIndex(parameters, results);
    imported.push([...text('env'), ...text(name), 0x00, ...unsigned(type)]);
    return (...operands: Code[]): Code => [operands, 0x10, ...unsigned(index)];
  }

  return {
    import: (name, parameters, result) => addImport(name, parameters, [result]) as Call<never>,
    importAction: (name, parameters) => addImport(name, parameters, []) as Call<Statement>,
    define: (name, parameters, body) => add(name, parameters, [], body) as Call<Statement>,
    defineValue: (name, parameters, result, body) =>
      add(name, parameters, [result], body) as Call<never>,
    bytes() {
      const limits = options.shared ? [0x03, 0, ...unsigned(maximumPages)] : [0x00, 0];
      const memory: Code = [...text('env'), ...text('memory'), 0x02, ...limits];
      return Uint8Array.from(
        flatten([
          [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
          section(
            1,
            types.map((type) => type.split(',').map(Number)),
          ),
          section(2, [...imported, memory]),
          section(3, functionTypes.map(unsigned)),
          section(7, exported),
          section(10, bodies),
        ]),
      );
    },
  };
}

function variable(index: number): Local<Code> {
  const bytes = unsigned(index);
  return Object.assign([0x20, ...bytes] as Code, {
    set: (value: Code) => [value, 0x21, ...bytes],
    tee: (value: Code) => [value, 0x22, ...bytes],
  });
}

const typeVector = (names: readonly TypeName[]): number[] => [
  names.length,
  ...names.map((name) => valueTypes[name]),
];

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items];
}

function sized(content: Code): Code {
  const bytes = flatten(content);
  return [...unsigned(bytes.length), bytes];
}

function section(id: number, items: readonly Code[]): Code {
  return [id, sized(vector(items))];
}

/** A name of ASCII letters. */
function text(name: string): number[] {
  return [...unsigned(name.length), ...Array.from(name, (letter) => letter.charCodeAt(0))];
}
