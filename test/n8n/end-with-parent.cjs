// Loaded into n8n's server, which leads a process group: when the process that started it was killed,
// the group ends too. A gentle end is not to be had: n8n waits for its log, whose reader is gone.
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
