package io.github.csvbackup.model;

/** The nodes of the simulated cluster, by the names that it gives them. */
enum NodeName {
    NODE1,
    NODE2
}
