#!/bin/bash
# Plays netstat.exe: the lines of $NODE/listening, and the agent of the played service. The words are those of a German Windows.
[ "$*" = -ano ] || { echo "unexpected: $*" >&2; exit 9; }
port=$(cat "$NODE/running-port" 2>/dev/null || echo 1)
cat <<END

Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN          1012
  TCP    127.0.0.1:50000        127.0.0.1:$port        HERGESTELLT      4242
  TCP    127.0.0.1:$port        127.0.0.1:50000        HERGESTELLT      4343
END
if [ -e "$NODE/running" ]; then
    echo "  TCP    127.0.0.1:$port        0.0.0.0:0              ABHÖREN          $(cat "$NODE/running")"
fi
cat "$NODE/listening" 2>/dev/null
echo "  UDP    0.0.0.0:$port          *:*                                     4444"
