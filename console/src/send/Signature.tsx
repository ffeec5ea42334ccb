import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState, type PointerEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

/** Signs with finger, pen or mouse. Who cannot draw says yes with a witness: the choice stands beside it. */
export function Signature({ onChange }: { readonly onChange: (png: string | null) => void }): ReactElement {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef(false);
  const [isSigned, setSigned] = useState(false);
  useEffect(() => {
    const pen = canvas.current?.getContext('2d');
    if (pen == null) return;
    pen.fillStyle = '#ffffff';
    pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
    pen.lineWidth = 3;
    pen.lineCap = 'round';
    pen.strokeStyle = '#111111';
  }, []);
  const at = (event: PointerEvent<HTMLCanvasElement>): readonly [number, number] => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const { width: across, height: down } = event.currentTarget;
    return [((event.clientX - left) / width) * across, ((event.clientY - top) / height) * down];
  };
  const begin = (event: PointerEvent<HTMLCanvasElement>): void => {
    drawing.current = true;
    event.currentTarget.setPointerCapture(event.pointerId);
    const pen = event.currentTarget.getContext('2d');
    pen?.beginPath();
    pen?.moveTo(...at(event));
  };
  const go = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (!drawing.current) return;
    const pen = event.currentTarget.getContext('2d');
    pen?.lineTo(...at(event));
    pen?.stroke();
  };
  const end = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (!drawing.current) return;
    drawing.current = false;
    setSigned(true);
    onChange(event.currentTarget.toDataURL('image/png').replace(/^data:image\/png;base64,/, ''));
  };
  const clear = (): void => {
    const pen = canvas.current?.getContext('2d');
    pen?.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
    setSigned(false);
    onChange(null);
  };
  return (
    <Stack gap="xs">
      <Text fw={500}>{t('evidence.sign')}</Text>
      <canvas
        ref={canvas}
        width={800}
        height={260}
        className="signature"
        role="img"
        aria-label={t(isSigned ? 'evidence.signed' : 'evidence.signHere')}
        onPointerDown={begin}
        onPointerMove={go}
        onPointerUp={end}
        onPointerCancel={end}
      />
      <Group>
        <Button variant="default" size="compact-sm" onClick={clear} disabled={!isSigned}>
          {t('evidence.clear')}
        </Button>
      </Group>
    </Stack>
  );
}
