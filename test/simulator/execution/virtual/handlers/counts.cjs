// CommonJS, with a file of its own.
const { loads } = require('./counts-shared.cjs');

exports.handler = async () => console.log(`loaded ${loads()}`);
