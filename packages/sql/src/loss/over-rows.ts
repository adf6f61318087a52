import {
  type FlatMatrix,
  flattenTree,
  hessian,
  hvp,
  type Operand,
  shaped,
  type TreeDef,
  toFlatMatrix,
  valueAndGrad,
} from '@steepest/autodiff';
import { isCallable, refusal } from '@steepest/ground';
import { type Answer, type Ask, lbfgs, newton, type Place, type Placed } from '@steepest/optim';
import { SqlSource } from '../rows/source.ts';
import { checkColumns } from './check.ts';
import { BatchColumns, type ColumnMap } from './columns.ts';
import { RecordedSums } from './recorded.ts';

/** A loss over rows in a database. `minimize(f, params)` runs where the rows are. */
export interface SqlLoss<P> extends Placed<P> {
  /** Its value; a signal cancels the query. */
  (params: P, signal?: AbortSignal): Promise<number>;
  valueAndGradient(
    params: P,
    signal?: AbortSignal,
  ): Promise<{ readonly value: number; readonly gradient: P }>;
  /** The query that gives value and gradient. Throws where the rows were not counted yet. */
  sql(params: P): string;
}

/** Up to so many parameters, a pass with all their products costs less than the passes that it saves. */
const mostNewton = 32;

/**
 * A loss that is a sum (or a mean) over rows of a database, from the same function that `train` takes:
 * `loss(params, batch)`. The batch's members are columns by their names in the schema, n×1 each, or what
 * `columns` makes of them: `{ x: ['age', 'income'], y: 'bought' }` gives x as n×2.
 *
 * Its value and gradient are sums that one query asks for; only a loss in which a row needs a sum over
 * all rows takes a second one. Throws a TypeError, before anything is asked, where an operation has no
 * SQL or needs all rows at once; rejects with a CsvError for holes and cells that are no finite number.
 *
 * ```ts
 * const f = overRows((w, { x, y }) => mean(square(sub(matmul(x, w), y))), rows, { x: ['a', 'b'], y: 'c' });
 * const { params } = await minimize(f, zeros);
 * ```
 */
export function overRows<P, B>(
  loss: (params: P, batch: B) => Operand,
  rows: SqlSource,
  columns?: ColumnMap,
): SqlLoss<P> {
  if (!isCallable(loss)) {
    throw refusal(
      'overRows',
      'expected a loss',
      loss,
      'write overRows((params, batch) => …, rows)',
    );
  }
  if (!(rows instanceof SqlSource)) {
    throw refusal(
      'overRows',
      'expected rows of a database',
      rows,
      'write sqlRows(duckdb(connection), …)',
    );
  }
  const sums = new LossSums(loss as Loss, rows, new BatchColumns(rows, columns));
  const value = async (params: P, signal?: AbortSignal): Promise<number> =>
    (await sums.ask(params, { over: 'all' }, signal)).value;
  const made: SqlLoss<P> = Object.assign(value, {
    async valueAndGradient(params: P, signal?: AbortSignal) {
      const { value, gradient } = await sums.ask(params, { over: 'all', gradient: true }, signal);
      return { value, gradient: gradient as P };
    },
    sql: (params: P) => sums.text(params),
    engine: {
      name: `sql ${rows.dialect.name}`,
      place: <Q, D>(): Place<Q, D> => {
        rows.hold();
        return {
          answer: (params, ask) => sums.ask(params, ask),
          why: 'each step asks the database',
          end: () => void rows.release(),
        };
      },
    },
    method: (params: P) => (sizeOf(params) <= mostNewton ? newton() : lbfgs()),
  });
  return made;
}

type Loss = (params: never, batch: never) => Operand;
type Asked = 'value' | 'gradient' | 'curvature' | 'along';

/** The questions to a loss, each recorded once for parameters of one structure. */
class LossSums {
  readonly #loss: Loss;
  readonly #rows: SqlSource;
  readonly #columns: BatchColumns;
  readonly #recorded = new Map<Asked, Recorded>();
  #checked: Promise<void> | undefined;

  constructor(loss: Loss, rows: SqlSource, columns: BatchColumns) {
    this.#loss = loss;
    this.#rows = rows;
    this.#columns = columns;
  }

  async ask<P>(
    params: P,
    { gradient, curvature, along }: Ask<P>,
    signal?: AbortSignal,
  ): Promise<Answer<P>> {
    if (curvature === 'gaussNewton') {
      throw new TypeError('overRows: a loss hides its residuals; ask for curvature: true');
    }
    const asked = curvature
      ? 'curvature'
      : along === undefined
        ? gradient
          ? 'gradient'
          : 'value'
        : 'along';
    await this.#rows.count(signal);
    const recorded = this.#of(asked, params);
    this.#checked ??= this.#check(recorded, signal);
    await this.#checked;
    const given = along === undefined ? [params] : [params, along];
    const [value, ...rest] = await recorded.at(given.flatMap(leavesOf), signal);
    const first = { value: value.data[0] };
    const { def, leaves: own } = flattenTree(params as unknown);
    const like = (leaves: readonly FlatMatrix[]): P =>
      def.unflatten(leaves.map((leaf, i) => asGiven(leaf, own[i]))) as P;
    const size = own.length;
    if (asked === 'value') return first;
    const slope = { ...first, gradient: like(rest.slice(0, size)) };
    if (asked === 'curvature') return { ...slope, curvature: rest[size] };
    return asked === 'along' ? { ...slope, along: like(rest.slice(size)) } : slope;
  }

  text(params: unknown): string {
    if (this.#rows.known === undefined) {
      throw new Error(
        'overRows: the query holds the number of rows, which was not asked yet; await rows.count() first',
      );
    }
    return this.#of('gradient', params).text(leavesOf(params));
  }

  async #check(recorded: RecordedSums, signal: AbortSignal | undefined): Promise<void> {
    const limits = new Map(
      [...recorded.limits].map(([member, limit]) => [this.#columns.namesOf(member)[0], limit]),
    );
    const demands = this.#columns.names.map((name) => ({ name, below: limits.get(name) }));
    try {
      await checkColumns(this.#rows, demands, 'overRows', signal);
    } catch (error) {
      this.#checked = undefined;
      throw error;
    }
  }

  #of(asked: Asked, params: unknown): RecordedSums {
    const { def, leaves } = flattenTree(params as unknown);
    const shapes = leaves.map((leaf) => toFlatMatrix(leaf as never, 'overRows'));
    const sizes = shapes.map(({ rows, columns }) => `${rows}×${columns}`).join();
    const known = this.#recorded.get(asked);
    if (known?.sizes === sizes && known.def.fits(params)) return known.sums;
    const count = this.#rows.known as number;
    const sample = def.unflatten(shapes.map(({ rows, columns }) => shaped(rows, columns)));
    const args = asked === 'along' ? [sample, sample] : [sample];
    const first = args.length * leaves.length;
    const f = questions[asked](this.#loss);
    // Several arguments before the data count as one: what has no rows.
    const packed = (given: readonly never[], batch: never): unknown => f(...given, batch);
    const sums = new RecordedSums(packed as never, [args], first, this.#rows, this.#columns, count);
    this.#recorded.set(asked, { def, sizes, sums });
    return sums;
  }
}

interface Recorded {
  readonly def: TreeDef;
  readonly sizes: string;
  readonly sums: RecordedSums;
}

const questions: Readonly<Record<Asked, (loss: Loss) => (...args: never[]) => unknown>> = {
  value: (loss) => (params: never, batch: never) => ({ value: loss(params, batch) }),
  gradient: (loss) => valueAndGrad(loss as never) as (...args: never[]) => unknown,
  curvature: (loss) => {
    const both = valueAndGrad(loss as never) as (...args: never[]) => object;
    const curved = hessian(loss as never) as (...args: never[]) => unknown;
    return (params: never, batch: never) => ({
      ...both(params, batch),
      curvature: curved(params, batch),
    });
  },
  along: (loss) => {
    const both = valueAndGrad(loss as never) as (...args: never[]) => object;
    const product = hvp(loss as never) as (...args: never[]) => unknown;
    return (params: never, along: never, batch: never) => ({
      ...both(params, batch),
      along: product(params, along, batch),
    });
  },
};

function leavesIn(params: unknown): readonly unknown[] {
  return flattenTree(params).leaves;
}

function leavesOf(params: unknown): FlatMatrix[] {
  return leavesIn(params).map((leaf) => toFlatMatrix(leaf as never, 'overRows'));
}

function asGiven(leaf: FlatMatrix, given: unknown): unknown {
  return typeof given === 'number' ? leaf.data[0] : leaf;
}

function sizeOf(params: unknown): number {
  return leavesOf(params).reduce((sum, { data }) => sum + data.length, 0);
}
