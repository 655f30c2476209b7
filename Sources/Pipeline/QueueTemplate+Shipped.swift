/// Templates to start from; sites change them to their needs.
extension QueueTemplate {
    package static let shippedNames = ["slurm", "pbs", "sge"]

    package static func shipped(_ name: String) -> QueueTemplate? {
        switch name {
        case "slurm": QueueTemplate(text: slurm)
        case "pbs": QueueTemplate(text: pbs)
        case "sge": QueueTemplate(text: sge)
        default: nil
        }
    }

    private static let slurm = """
        #!/bin/bash
        #SBATCH --job-name=XXXnameXXX
        #SBATCH --partition=XXXqueueXXX
        #SBATCH --ntasks=XXXmpinodesXXX
        #SBATCH --cpus-per-task=XXXthreadsXXX
        #SBATCH --nodes=XXXnodesXXX
        #SBATCH --output=XXXoutfileXXX
        #SBATCH --error=XXXerrfileXXX
        #SBATCH --open-mode=append

        srun XXXcommandXXX
        """

    private static let pbs = """
        #!/bin/bash
        #PBS -N relion
        #PBS -q XXXqueueXXX
        #PBS -l nodes=XXXnodesXXX:ppn=XXXdedicatedXXX
        #PBS -o XXXoutfileXXX
        #PBS -e XXXerrfileXXX
        #PBS -V

        cd "$PBS_O_WORKDIR"
        mpirun -n XXXmpinodesXXX XXXcommandXXX
        """

    private static let sge = """
        #!/bin/bash
        #$ -N relion
        #$ -q XXXqueueXXX
        #$ -pe mpi XXXcoresXXX
        #$ -o XXXoutfileXXX
        #$ -e XXXerrfileXXX
        #$ -cwd
        #$ -V
        #$ -S /bin/bash

        mpirun -n XXXmpinodesXXX XXXcommandXXX
        """
}
