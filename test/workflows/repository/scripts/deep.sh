# Calls mark at several depths; comes back when all of them have written.
mark deep
(mark subshell)
sh -c 'mark shell; true'
python3 -c 'import subprocess; subprocess.run(["mark", "python"], check=True)'
mark background &
wait
fifo=$(mktemp -u)
mkfifo "$fifo"
# A daemon: its parent is gone before it starts, and it has a session of its own.
(setsid sh -c "mark daemon; echo done >$fifo" &)
read -r _ <"$fifo"
rm "$fifo"
