let count = 0;

exports.loads = () => ++count;
