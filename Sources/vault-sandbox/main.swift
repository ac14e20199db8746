internal import Commands
internal import Linux
internal import SandboxInit

// One binary, two roles so far: PID 1 of a sandbox, told by its name, and the command line.
if CommandLine.arguments.first == InitProcess.argumentZero { InitProcess.run() }
Processes.exit(EntryPoint.run(ProcessEnvironment.arguments()))
