internal import SandboxInit

if CommandLine.arguments.first == InitProcess.argumentZero { InitProcess.run() }
