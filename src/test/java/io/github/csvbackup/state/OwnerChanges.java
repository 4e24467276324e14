package io.github.csvbackup.state;

import io.github.csvbackup.files.DelegatingRights;
import io.github.csvbackup.files.FileRights;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import org.jspecify.annotations.Nullable;

/** Rights under which all files change their owner when the test says so. */
final class OwnerChanges extends DelegatingRights {
    volatile FileRights foreign;
    volatile @Nullable String stamp;

    OwnerChanges(FileRights own) {
        super(own);
        this.foreign = own;
    }

    @Override
    public @Nullable Object stamp(Path file) {
        return stamp;
    }

    @Override
    public boolean isTrusted(UserPrincipal account) throws IOException {
        return foreign.isTrusted(account);
    }
}
