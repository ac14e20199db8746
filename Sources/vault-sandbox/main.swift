internal import Commands
internal import Linux
internal import SandboxInit

// One binary, two roles so far: PID 1 of a sandbox, told by its name, and the command line.
let arguments = ProcessEnvironment.arguments()
if let name = arguments.first, name.elementsEqual(InitProcess.argumentZero.utf8) { InitProcess.run() }
Processes.exit(EntryPoint.run(arguments))
