exports.handler = (event, _context, callback) => {
  setImmediate(() => (event.fail ? callback(new Error('no')) : callback(null, { called: true })));
};
