import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type ReactElement, type ReactNode } from 'react';

/** Below this many the browser lays all of them out: find-in-page and screen readers see the whole list. */
const WHOLE_UP_TO = 100;

/** A list that scrolls without stutter however long it is; each child brings its own `row`. */
export function VirtualRows<T>({
  items,
  rowPx,
  label,
  keyOf,
  children,
}: {
  readonly items: readonly T[];
  readonly rowPx: number;
  readonly label: string;
  readonly keyOf: (item: T) => string;
  readonly children: (item: T) => ReactNode;
}): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const virtual = items.length > WHOLE_UP_TO;
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => keyOf(items[index]!),
    overscan: 10,
    enabled: virtual,
  });
  if (!virtual) {
    return (
      <ul className="quiet-list rows" aria-label={label}>
        {items.map((item) => (
          <li key={keyOf(item)}>{children(item)}</li>
        ))}
      </ul>
    );
  }
  return (
    <div ref={frame} className="rows rows-scroll" tabIndex={0} role="list" aria-label={label}>
      <div ref={(element) => element?.style.setProperty('height', `${rows.getTotalSize()}px`)} className="rows-all">
        {rows.getVirtualItems().map(({ index, start, key }) => (
          <div
            key={key}
            data-index={index}
            ref={rows.measureElement}
            role="listitem"
            aria-setsize={items.length}
            aria-posinset={index + 1}
            className="rows-one"
            style={{ transform: `translateY(${start}px)` }}
          >
            {children(items[index]!)}
          </div>
        ))}
      </div>
    </div>
  );
}
