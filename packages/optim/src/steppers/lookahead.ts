import { add, mul, sub, type Tree, where } from '@steepest/autodiff';
import { type Spec, settle, share, wholeNumber } from '@steepest/ground';
import { copyOf } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { each } from './each.ts';

/** The slow weights. */
export interface LookaheadState {
  readonly slow: Tree;
}

/** Every `every` steps (5) the slow weights go `share` (0.5) of the way to the fast ones. */
export interface LookaheadSettings {
  readonly every?: number | undefined;
  readonly share?: number | undefined;
}

const lookaheadSpec = {
  every: wholeNumber(1, 5),
  share: share(0.5),
} satisfies Spec<LookaheadSettings>;

/**
 * Lookahead: after every k steps of the chain before it, φ ← φ + α(w − φ) and w ← φ (Zhang, Lucas, Hinton
 * & Ba, 2019). The last link of a chain.
 *
 * ```ts
 * chain(adam({ rate: 0.01 }), lookahead({ every: 5 }));
 * ```
 */
export function lookahead(settings: LookaheadSettings = {}): Stepper<LookaheadState> {
  const { every, share: part } = settle('lookahead', settings, lookaheadSpec);
  return {
    name: 'lookahead',
    kind: 'after',
    settings: () => ({ every, share: part }),
    init: (params) => ({ slow: copyOf(params) }),
    numbers: (step) => [(step + 1) % every === 0 ? 1 : 0],
    update(change, { slow }, params, [now]) {
      const synced = each(
        (s, w, u) => where(now, add(s, mul(part, sub(add(w, u), s))), s),
        slow,
        params,
        change,
      );
      const next = each((u, s, w) => where(now, sub(s, w), u), change, synced, params);
      return [next, { slow: synced }];
    },
  };
}
