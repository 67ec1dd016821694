/** How far the order of the pushes is from the order of the history. Takes 8 bytes an event. */
export interface Displacement {
  /** The first copy of an event, by its place among the pushes and in the history. */
  add(push: number, event: number): void;
  /** The largest distance between the two places, among first copies only. */
  max(): number;
}

/** A search makes very many small runs. */
const LENGTH_MIN = 16;

export function createDisplacement(): Displacement {
  let [pushes, events] = [new Int32Array(LENGTH_MIN), new Int32Array(LENGTH_MIN)];
  let count = 0;
  return {
    add(push, event) {
      if (count === pushes.length) [pushes, events] = [doubled(pushes), doubled(events)];
      pushes[count] = push;
      events[count++] = event;
    },
    max() {
      const order = Uint32Array.from({ length: count }, (_, at) => at);
      order.sort((left, right) => (pushes[left] ?? 0) - (pushes[right] ?? 0) || left - right);
      return order.reduce(
        (max, at, place) => Math.max(max, Math.abs(place - (events[at] ?? 0))),
        0,
      );
    },
  };
}

function doubled(list: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(list.length * 2);
  longer.set(list);
  return longer;
}
