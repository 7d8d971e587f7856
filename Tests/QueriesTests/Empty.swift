// Filled by the tests of each query.
