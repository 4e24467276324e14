package io.github.csvbackup.state;

import io.github.csvbackup.files.DelegatingRights;
import io.github.csvbackup.files.FileRights;
import java.io.IOException;
import java.nio.file.attribute.UserPrincipal;

/** Rights under which all files change their owner when the test says so. */
final class OwnerChanges extends DelegatingRights {
    volatile FileRights foreign;

    OwnerChanges(FileRights own) {
        super(own);
        this.foreign = own;
    }

    @Override
    public boolean isTrusted(UserPrincipal account) throws IOException {
        return foreign.isTrusted(account);
    }
}
