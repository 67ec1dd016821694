// Artillery loads this by name at start, for runs on Azure that this project never makes.
module.exports = { ContainerInstanceManagementClient: class {} };
