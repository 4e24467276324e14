package io.github.csvbackup.model;

/** The functions of Windows that can fail in the simulated cluster; it knows them by their Windows names. */
enum WindowsFunction {
    OPEN_CLUSTER("OpenClusterEx"),
    LIST_CLUSTER("ClusterOpenEnum"),
    NODE_STATE("GetClusterNodeState"),
    READ_VOLUMES("ClusterResourceControl"),
    SERVICE_STATUS("QueryServiceStatusEx"),
    SHADOW_COPIES("Win32_ShadowCopy");

    final String windowsName;

    WindowsFunction(String windowsName) {
        this.windowsName = windowsName;
    }
}
