import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate } from '../../kit/format.js';
import { OUTCOMES, roundUp, type Slot } from './shape.js';

const WIDTH = 720;
const HEIGHT = 240;
const LEFT = 36;
const BOTTOM = 24;
const TOP = 20;

/**
 * Counts by day or week, one part for each outcome. Each outcome has a pattern of its own besides its colour, in the order
 * of the legend; every bar says its numbers.
 */
export function StackedBars({
  slots,
  label,
}: {
  readonly slots: readonly Slot[];
  readonly label: string;
}): ReactElement {
  const { t } = useTranslation('admin');
  const end = roundUp(Math.max(...slots.map(({ total }) => total)));
  const plot = HEIGHT - BOTTOM - TOP;
  const step = (WIDTH - LEFT) / slots.length;
  const width = Math.max(2, Math.min(44, step * 0.72));
  const y = (count: number): number => TOP + plot - (count / end) * plot;
  const labelled = new Set([0, Math.floor(slots.length / 2), slots.length - 1]);
  return (
    <figure className="picture">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} className="chart">
        <Patterns />
        {[0, end / 2, end].map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={WIDTH} y1={y(tick)} y2={y(tick)} className="grid-line" />
            {Number.isInteger(tick) && (
              <text x={LEFT - 6} y={y(tick) + 4} textAnchor="end" className="tick">
                {tick}
              </text>
            )}
          </g>
        ))}
        {slots.map((slot, index) => {
          const x = LEFT + index * step + (step - width) / 2;
          let below = 0;
          const anchor = index === 0 ? 'start' : index === slots.length - 1 ? 'end' : 'middle';
          const at = index === 0 ? LEFT : index === slots.length - 1 ? WIDTH : x + width / 2;
          return (
            <g key={slot.from}>
              <title>
                {`${formatDate(slot.from)} · ${OUTCOMES.filter((outcome) => slot.counts[outcome] > 0)
                  .map((outcome) =>
                    t('figures.colon', { label: t(`figures.outcome.${outcome}`), value: slot.counts[outcome] }),
                  )
                  .join(', ')}`}
              </title>
              {OUTCOMES.map((outcome) => {
                const count = slot.counts[outcome];
                if (count === 0) return null;
                const top = y(below + count);
                const height = y(below) - top;
                below += count;
                return (
                  <g key={outcome}>
                    <rect x={x} y={top} width={width} height={height} className={`bar ${outcome}`} />
                    <rect x={x} y={top} width={width} height={height} fill={`url(#p-${outcome})`} />
                  </g>
                );
              })}
              {labelled.has(index) && (
                <text x={at} y={HEIGHT - 6} textAnchor={anchor} className="tick">
                  {formatDate(slot.from)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <figcaption>
        <ul className="legend quiet-list">
          {OUTCOMES.map((outcome) => (
            <li key={outcome}>
              <svg viewBox="0 0 16 16" aria-hidden="true" className="swatch">
                <rect width="16" height="16" className={`bar ${outcome}`} />
                <rect width="16" height="16" fill={`url(#p-${outcome})`} />
              </svg>
              {t('figures.colon', {
                label: t(`figures.outcome.${outcome}`),
                value: slots.reduce((sum, { counts }) => sum + counts[outcome], 0),
              })}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}

/** Delivered is plain; the others are told apart by their lines as well. */
function Patterns(): ReactElement {
  return (
    <defs>
      <pattern id="p-underWay" width="6" height="6" patternUnits="userSpaceOnUse">
        <circle cx="3" cy="3" r="1.2" className="mark-dot" />
      </pattern>
      <pattern id="p-refused" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line x1="0" y1="0" x2="0" y2="6" className="mark-line" />
      </pattern>
      <pattern id="p-stopped" width="6" height="6" patternUnits="userSpaceOnUse">
        <line x1="0" y1="3" x2="6" y2="3" className="mark-line" />
      </pattern>
      <pattern id="p-failed" width="7" height="7" patternUnits="userSpaceOnUse">
        <path d="M0 0 7 7M7 0 0 7" className="mark-line" />
      </pattern>
      <pattern id="p-delivered" width="6" height="6" patternUnits="userSpaceOnUse" />
    </defs>
  );
}
