// How wide an element is, as it changes: drawings keep their type size whatever room they have.
import { useSignal, type Signal } from '@preact/signals';
import { type RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

export function useWidth(element: RefObject<HTMLElement>, otherwise: number): Signal<number> {
  const width = useSignal(otherwise);
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    const observer = new ResizeObserver(() => (width.value = box.clientWidth));
    observer.observe(box);
    width.value = box.clientWidth;
    return () => observer.disconnect();
  }, []);
  return width;
}
