import { FlatMatrix } from '@steepest/autodiff';
import {
  type ComputedNode,
  isSource,
  type Label,
  type Labelled,
  type LabelledPlan,
  type OperationNode,
  type PlanNode,
  recordOfNode,
} from '@steepest/compile/plan';
import type { Dialect } from '../dialects/dialect.ts';
import type { Expression } from '../expression/expression.ts';
import { type Aggregate, Query } from '../expression/query.ts';
import type { Words } from '../expression/words.ts';
import { sqlOf } from '../operations/index.ts';
import type { Operand, Sql } from '../operations/operation.ts';
import type { CountedPlan } from './any-count.ts';
import { computed, missing } from './fixed.ts';

/** The numbers of a row that stand for a leaf of the data. */
export type ColumnsOf = (leaf: number, words: Words) => readonly Expression[];

/** The sums that one pass over the rows takes, in as few queries as the engine's width allows. */
export interface Pass {
  readonly queries: readonly Query[];
  /** Which sums each value is made of. */
  readonly totals: ReadonlyMap<PlanNode, readonly number[]>;
}

/**
 * A recorded function as passes of sums over rows, and what is computed between them. Making it throws
 * where an operation has no SQL, needs all rows at once, or is too wide for the engine.
 */
export class Program {
  readonly passes: readonly Pass[];
  /** Columns that hold indices, by their leaves: each entry must be whole and below the limit. */
  readonly limits: ReadonlyMap<number, number>;
  readonly #plan: LabelledPlan;
  readonly #numbers: CountedPlan['numbers'];
  readonly #labels: ReadonlyMap<PlanNode, Label>;
  readonly #slots: { readonly node: PlanNode; readonly entry: number }[] = [];

  constructor(
    { plan, numbers }: CountedPlan,
    dialect: Dialect,
    words: Words,
    columnsOf: ColumnsOf,
  ) {
    this.#plan = plan;
    this.#numbers = numbers;
    this.#labels = new Map(plan.nodes.map(({ node, label }) => [node, label]));
    const writer = new Writer({ plan, numbers }, this.#labels, words, columnsOf, this.#slots);
    this.limits = writer.limits;
    this.passes = passesOf(plan, writer).map(({ aggregates, totals }) => {
      const queries = chunks(aggregates, dialect.mostColumns - 1).map(
        (part) => new Query(part, dialect),
      );
      const widest = Math.max(...queries.map((query) => query.widest));
      if (widest > dialect.mostColumns) {
        throw new RangeError(
          `overRows: a row needs ${widest} columns, and ${dialect.name} takes ${dialect.mostColumns}; use ` +
            'fewer features, or an engine that takes more',
        );
      }
      return { queries, totals };
    });
  }

  /** Computes the results; `sums` asks the database for a pass. */
  async run(
    leaves: readonly FlatMatrix[],
    sums: (pass: Pass, slots: Float64Array) => Promise<Float64Array>,
  ): Promise<FlatMatrix[]> {
    const run = this.#running(leaves);
    for (let turn = run.next(); ; ) {
      if (turn.done) return turn.value;
      turn = run.next(await sums(turn.value.pass, turn.value.slots));
    }
  }

  /** The first pass at these values: what `run` asks first. */
  first(leaves: readonly FlatMatrix[]): { readonly pass: Pass; readonly slots: Float64Array } {
    const turn = this.#running(leaves).next();
    if (turn.done) throw new TypeError('overRows: the function depends on no row');
    return turn.value;
  }

  *#running(
    leaves: readonly FlatMatrix[],
  ): Generator<{ pass: Pass; slots: Float64Array }, FlatMatrix[], Float64Array> {
    const values = new Map<PlanNode, FlatMatrix>();
    const valueAt = (node: PlanNode): FlatMatrix => {
      const known = values.get(node);
      if (known !== undefined) return known;
      const made = this.#compute(node, leaves, valueAt);
      values.set(node, made);
      return made;
    };
    for (const pass of this.passes) {
      const slots = Float64Array.from(this.#slots, ({ node, entry }) =>
        this.#isKnown(node, values) ? valueAt(node).data[entry] : Number.NaN,
      );
      const found = yield { pass, slots };
      for (const [node, places] of pass.totals) {
        const entries = Float64Array.from(places, (place) => found[place]);
        values.set(node, new FlatMatrix(node.rows, node.columns, entries));
      }
    }
    return this.#plan.results.map(({ node, rows, columns }) => {
      const { data, columns: own, rows: height } = valueAt(node);
      if (height === rows && own === columns) return new FlatMatrix(rows, columns, data.slice());
      const whole = new FlatMatrix(rows, columns);
      for (let k = 0; k < whole.data.length; k++) {
        const i = height === 1 ? 0 : Math.floor(k / columns);
        const j = own === 1 ? 0 : k % columns;
        whole.data[k] = data[i * own + j];
      }
      return whole;
    });
  }

  #compute(
    node: PlanNode,
    leaves: readonly FlatMatrix[],
    valueAt: (node: PlanNode) => FlatMatrix,
  ): FlatMatrix {
    if (node.kind === 'input') return leaves[node.leaf];
    if (node.kind === 'constant') return this.#numbers.get(node) ?? node.value;
    return computed(node, node.inputs.map(valueAt));
  }

  /** Whether all totals that a value depends on are there. */
  #isKnown(node: PlanNode, values: ReadonlyMap<PlanNode, FlatMatrix>): boolean {
    if (isSource(node) || values.has(node)) return true;
    if (this.#labels.get(node) === 'total') return false;
    return node.inputs.every((input) => this.#isKnown(input, values));
  }
}

interface Sums {
  readonly aggregates: readonly Aggregate[];
  readonly totals: Map<PlanNode, readonly number[]>;
}

/** The totals, by the pass in which all that they need is known. */
function passesOf(plan: LabelledPlan, writer: Writer): Sums[] {
  const stages = new Map<number, { aggregates: Aggregate[]; totals: Map<PlanNode, number[]> }>();
  const places = new Map<string, number>();
  for (const { node, label, stage } of plan.nodes) {
    if (label !== 'total') continue;
    const known = stages.get(stage);
    const { aggregates, totals } = known ?? { aggregates: [] as Aggregate[], totals: new Map() };
    stages.set(stage, { aggregates, totals });
    const made = writer.total(node as ComputedNode).map((aggregate) => {
      const key = `${stage} ${aggregate.fold} ${aggregate.of.id}`;
      const place = places.get(key) ?? aggregates.push(aggregate) - 1;
      places.set(key, place);
      return place;
    });
    totals.set(node, made);
  }
  for (const { node } of plan.results) {
    if (plan.nodes.find((made) => made.node === node)?.label !== 'rows') continue;
    throw new TypeError(
      'overRows: the function returns a value for each row; return their sum or mean',
    );
  }
  return [...stages].sort(([a], [b]) => a - b).map(([, sums]) => sums);
}

/** Writes nodes as expressions over the columns of a row. */
class Writer {
  readonly limits = new Map<number, number>();
  readonly #rows: number;
  readonly #numbers: CountedPlan['numbers'];
  readonly #labels: ReadonlyMap<PlanNode, Label>;
  readonly #words: Words;
  readonly #columnsOf: ColumnsOf;
  readonly #written = new Map<PlanNode, readonly Expression[]>();
  readonly #slots: { readonly node: PlanNode; readonly entry: number }[];
  readonly #slotOf = new Map<string, Expression>();

  constructor(
    { plan: { rows, nodes }, numbers }: CountedPlan,
    labels: ReadonlyMap<PlanNode, Label>,
    words: Words,
    columnsOf: ColumnsOf,
    slots: { readonly node: PlanNode; readonly entry: number }[],
  ) {
    this.#rows = rows;
    this.#numbers = numbers;
    this.#labels = labels;
    this.#words = words;
    this.#columnsOf = columnsOf;
    this.#slots = slots;
    for (const labelled of nodes) this.#check(labelled);
  }

  /** What is summed over rows for each entry of a total. */
  total(node: ComputedNode): Aggregate[] {
    const { fold, total } = this.#sqlOf(node);
    if (node.kind === 'reduction' && fold !== undefined) {
      const row = this.#row(node.inputs[0]);
      const each = node.axis === 0 ? row : [fold.row(this.#words, row)];
      return each.map((of) => ({ fold: fold.over, of }));
    }
    if (node.kind !== 'operation' || total === undefined) throw missing(node.name);
    return total(this.#site(node)).map((of) => ({ fold: 'sum', of }));
  }

  #check({ node, label, uses }: Labelled): void {
    if (isSource(node)) return;
    const { entry, row, total, fold } = this.#sqlOf(node, label === 'fixed');
    const operation = label === 'rows' ? row : total;
    const written = { entries: entry, reduction: fold, operation }[node.kind];
    if (label !== 'fixed' && written === undefined) throw missing(node.name);
    const whole = node.inputs.some(
      (input, i) =>
        this.#labels.get(input) === 'rows' && (label === 'fixed' || uses[i] === 'whole'),
    );
    if (!whole) return;
    throw new TypeError(
      `overRows: ${node.name} needs all rows at once, and a query sees them one by one; write the loss ` +
        'as a sum over rows',
    );
  }

  #sqlOf(node: ComputedNode, fixed = false): Sql {
    const found = sqlOf(recordOfNode(node));
    if (found === undefined && !fixed) throw missing(node.name);
    return found ?? {};
  }

  /** The entries of a row of a node. */
  #row(node: PlanNode): readonly Expression[] {
    const known = this.#written.get(node);
    if (known !== undefined) return known;
    const made = this.#write(node);
    this.#written.set(node, made);
    return made;
  }

  #write(node: PlanNode): readonly Expression[] {
    const shared = this.#labels.get(node) !== 'rows';
    if (shared && node.rows === 1) {
      return Array.from({ length: node.columns }, (_, j) => this.#slot(node, 0, j));
    }
    // What is the same for all rows, written out for each, is computed as if it were not.
    switch (node.kind) {
      case 'input':
        if (!shared) return this.#columnsOf(node.leaf, this.#words);
        throw new TypeError(
          `overRows: the parameters hold a ${node.rows}×${node.columns} matrix with a row for each row of ` +
            'the data; in a database rows have no order',
        );
      case 'constant':
        throw new TypeError(
          `overRows: the function holds a ${node.rows}×${node.columns} matrix of its own with a row for ` +
            'each row of the data; in a database rows have no order: put it into a column',
        );
      case 'entries': {
        const { entry } = this.#sqlOf(node);
        if (entry === undefined) throw missing(node.name);
        const inputs = node.inputs.map((input) => this.#row(input));
        return Array.from({ length: node.columns }, (_, j) =>
          entry(this.#words, ...inputs.map((row) => row[row.length === 1 ? 0 : j])),
        );
      }
      case 'reduction': {
        const { fold } = this.#sqlOf(node);
        if (fold === undefined) throw missing(node.name);
        return [fold.row(this.#words, this.#row(node.inputs[0]))];
      }
      case 'operation': {
        const { row } = this.#sqlOf(node);
        if (row === undefined) throw missing(node.name);
        return row(this.#site(node));
      }
    }
  }

  #slot(node: PlanNode, i: number, j: number): Expression {
    const entry = (node.rows === 1 ? 0 : i) * node.columns + (node.columns === 1 ? 0 : j);
    if (node.kind === 'constant') {
      return this.#words.number((this.#numbers.get(node) ?? node.value).data[entry]);
    }
    const key = `${node.id} ${entry}`;
    const known = this.#slotOf.get(key);
    if (known !== undefined) return known;
    const made = this.#words.all.slot(this.#slots.push({ node, entry }) - 1);
    this.#slotOf.set(key, made);
    return made;
  }

  #site(node: OperationNode) {
    return {
      e: this.#words,
      node,
      inputs: node.inputs.map((input) => this.#operand(input)),
      index: (limit: number): Expression => {
        const { indices } = node;
        if (indices === undefined || !('leaf' in indices)) {
          throw new TypeError(
            `overRows: ${node.name} takes ${this.#rows} numbers of the function's own, one for each row; ` +
              'in a database rows have no order: put them into a column',
          );
        }
        const { leaf } = indices;
        this.limits.set(leaf, Math.min(limit, this.limits.get(leaf) ?? limit));
        return this.#columnsOf(leaf, this.#words)[0];
      },
    };
  }

  #operand(node: PlanNode): Operand {
    const row = (): readonly Expression[] => this.#row(node);
    return {
      get row() {
        return row();
      },
      at: (i, j) => this.#slot(node, i, j),
      rows: node.rows,
      columns: node.columns,
    };
  }
}

/** Parts of at most this many. */
function chunks<T>(all: readonly T[], most: number): T[][] {
  const parts = Math.max(1, Math.ceil(all.length / most));
  const size = Math.ceil(all.length / parts);
  return Array.from({ length: parts }, (_, i) => all.slice(i * size, (i + 1) * size));
}
