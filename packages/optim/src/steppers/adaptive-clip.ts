import { div, maximum, minimum, mul, norm, type Operand, where } from '@steepest/autodiff';
import { argument, positive, required, type Spec, settle } from '@steepest/ground';
import type { Stepper } from '../stepper.ts';
import { each } from './each.ts';

export interface AdaptiveClipSettings {
  /** The least norm that weights count as (1e-3), so that zeros can be left. */
  readonly least?: number | undefined;
}

const adaptiveClipSpec = { least: positive(1e-3) } satisfies Spec<AdaptiveClipSettings>;

/**
 * Clips each row's gradient relative to the row itself: g ← g · min(1, limit · max(‖w‖, least)/‖g‖)
 * (Brock et al., *High-performance large-scale image recognition without normalization*, 2021).
 *
 * ```ts
 * chain(adaptiveClip(0.01), momentum({ rate: 0.1 }));
 * ```
 */
export function adaptiveClip(limit: number, settings: AdaptiveClipSettings = {}): Stepper<null> {
  argument('adaptiveClip', 'limit', limit, required(positive(0.01)));
  const { least } = settle('adaptiveClip', settings, adaptiveClipSpec);
  const clipped = (g: Operand, w: Operand): Operand => {
    const size = norm(g, { axis: 1 });
    const most = mul(limit, maximum(norm(w, { axis: 1 }), least));
    return mul(g, where(size, minimum(1, div(most, size)), 1));
  };
  return {
    name: 'adaptiveClip',
    kind: 'direction',
    settings: () => ({ limit, least }),
    init: () => null,
    update: (gradient, state, params) => [each(clipped, gradient, params), state],
  };
}
