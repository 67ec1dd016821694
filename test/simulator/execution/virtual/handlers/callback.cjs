// CommonJS with a callback.
const { loads } = require('./counts-shared.cjs');

exports.handler = (_event, _context, callback) => {
  setTimeout(() => {
    console.log(`called back ${loads()}`);
    callback(null, {});
  }, 100);
};
