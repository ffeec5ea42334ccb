import { Badge, Button, Checkbox, Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { labelName } from '../kit/label-name.js';
import { valueText } from '../record/value-text.js';
import type { Words } from '../record/words.js';
import { currentLang } from '../texts/i18n.js';
import type { Line, Theme } from './group-lines.js';

/** More lines than this are folded away until somebody opens the theme. */
const OPEN_UP_TO = 14;

/** One side of the preview: themes that fold, entries in them, and each line with its value and its reason. */
export function Lines({
  themes,
  words,
  kind,
  onToggle,
}: {
  readonly themes: readonly Theme[];
  readonly words: Words;
  readonly kind: 'sent' | 'withheld';
  /** Keeps a sent line back, or lets go of one that was kept back. */
  readonly onToggle: (pointer: string) => void;
}): ReactElement {
  const { t } = useTranslation();
  if (themes.length === 0)
    return <Text c="dimmed">{t(kind === 'sent' ? 'preview.nothingSent' : 'preview.nothingWithheld')}</Text>;
  return (
    <div className="themes">
      {themes.map(({ theme, entries, count }) => {
        const reason = commonReason(entries.flatMap(({ lines }) => lines));
        return (
          <details key={theme} open={count <= OPEN_UP_TO} className={`theme ${kind}`}>
            <summary>
              <span className="theme-name">{words.field('', theme)}</span>
              <span className="theme-count">{t('preview.lines', { count })}</span>
              {reason !== null && <span className="why">{reason}</span>}
            </summary>
            {kind === 'sent' && (
              <Button
                variant="subtle"
                size="compact-xs"
                onClick={() => onToggle(`/${theme}`)}
                disabled={theme === 'person'}
              >
                {t('preview.keepAllBack')}
              </Button>
            )}
            {entries.map(({ pointer, lines }) => (
              <ul key={pointer} className="quiet-list entry">
                {lines.map((line) => (
                  <li key={line.path}>
                    <OneLine line={line} words={words} kind={kind} onToggle={onToggle} showReason={reason === null} />
                  </li>
                ))}
              </ul>
            ))}
          </details>
        );
      })}
    </div>
  );
}

function OneLine({
  line,
  words,
  kind,
  onToggle,
  showReason,
}: {
  readonly line: Line;
  readonly words: Words;
  readonly kind: 'sent' | 'withheld';
  readonly onToggle: (pointer: string) => void;
  readonly showReason: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const { parent, field, value, entry, reason, path, labels } = line;
  const label = words.field(parent, field);
  const said =
    value === undefined
      ? ''
      : valueText(words, { yes: t('record.yes'), no: t('record.no') }, parent, field, value, entry);
  const text = (
    <>
      <span className="line-label">{label}</span>{' '}
      <span dir="auto" className="line-value">
        {said}
      </span>
    </>
  );
  const sensitive = labels.filter((one) => one !== 'free-text');
  return (
    <div className="line">
      {kind === 'sent' ? (
        <Checkbox
          size="xs"
          checked
          onChange={() => onToggle(path)}
          label={text}
          aria-label={t('preview.keepBack', { label, value: said })}
        />
      ) : (
        <div>{text}</div>
      )}
      {showReason && <div className="why">{reason[currentLang()]}</div>}
      {kind === 'withheld' && (
        <Group gap={4}>
          {sensitive.map((one) => (
            <Badge key={one} size="xs" variant="light" color="gray" tt="none">
              {labelName(one)}
            </Badge>
          ))}
          {reason.code === 'withheld.by-author' && (
            <Button variant="subtle" size="compact-xs" onClick={() => onToggle(path)}>
              {t('preview.letGo')}
            </Button>
          )}
        </Group>
      )}
    </div>
  );
}

/** One sentence for all of them, where they have one; then it is said once. */
function commonReason(lines: readonly Line[]): string | null {
  const reasons = new Set(lines.map(({ reason }) => reason[currentLang()]));
  return reasons.size === 1 ? ([...reasons][0] ?? null) : null;
}
