/** A purchase that comes twice counts twice. Brought down by `--duplicate 0.1`. */
import { EVENTS, parts } from './simple.ts';

parts.putPurchase = (event) => ({
  Put: {
    TableName: EVENTS,
    Item: {
      productId: { S: event.data.id },
      eventId: { S: event.eventId },
      origin: { S: event.origin },
      timeOrigin: { S: event.timeOrigin },
    },
  },
});

export { handler } from './simple.ts';
